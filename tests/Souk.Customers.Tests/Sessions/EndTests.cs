using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Souk.Customers.Sessions;
using Souk.Platform.Security;
using Souk.Testing;

namespace Souk.Customers.Tests.Sessions;

/// <summary>What ends sessions.</summary>
[Trait("security", "10")]
public class EndTests(TestShop shop)
{
    [Fact]
    public async Task Security10_signing_out_ends_the_session_and_leaves_the_others()
    {
        var device = await Device.New(shop);
        var other = await Device.Of(shop, device.Person.Username);

        (await Revoke(device.RefreshToken)).Must(204);

        await device.ShouldBeSignedOut();
        await other.ShouldBeSignedIn();
        (await Revoke(device.RefreshToken)).Code.ShouldBe(204, "as RFC 7009 wants it");
        (await Revoke("made up")).Must(204);
    }

    [Fact]
    public async Task Security10_one_session_is_ended_by_its_customer_or_an_admin_and_by_nobody_else()
    {
        var device = await Device.New(shop);
        var other = await Device.Of(shop, device.Person.Username);
        var third = await Device.Of(shop, device.Person.Username);
        var stranger = await shop.NewCustomer();
        var path = device.Person.Path($"/sessions/{other.Session}");

        (await stranger.Delete("customers", path)).ShouldRefuse(404, "customer_not_found");
        (await stranger.Delete("customers", stranger.Path($"/sessions/{other.Session}"))).ShouldRefuse(404, "session_not_found");
        await other.ShouldBeSignedIn();

        (await device.Person.Delete("customers", path)).Must(204);
        (await device.Person.Delete("customers", path)).ShouldRefuse(404, "session_not_found");
        (await shop.Admin.Delete("customers", device.Person.Path($"/sessions/{third.Session}"))).Must(204);
        await other.ShouldBeSignedOut();
        await third.ShouldBeSignedOut();
        await device.ShouldBeSignedIn();
    }

    [Fact]
    public async Task Security10_all_sessions_are_ended_at_once()
    {
        var device = await Device.New(shop);
        var other = await Device.Of(shop, device.Person.Username);

        (await device.Person.Delete("customers", device.Person.Path("/sessions"))).Must(204);

        await device.ShouldBeSignedOut();
        await other.ShouldBeSignedOut();
        await (await Device.Of(shop, device.Person.Username)).ShouldBeSignedIn();
    }

    [Fact]
    public async Task Security10_a_new_password_ends_all_sessions_this_one_too()
    {
        var device = await Device.New(shop);
        var other = await Device.Of(shop, device.Person.Username);

        (await device.Person.Patch("customers", device.Person.Path(), new { password = "eight yellow pears", current_password = TestShop.Password })).Must(200);

        await device.ShouldBeSignedOut();
        await other.ShouldBeSignedOut();
        await shop.SignsIn(device.Person.Username, "eight yellow pears");
    }

    [Fact]
    public async Task Security10_in_the_first_contract_a_new_password_ends_all_sessions_but_the_callers()
    {
        var device = await Device.New(shop);
        var other = await Device.Of(shop, device.Person.Username);

        var body = new { password = "eight yellow pears", current_password = TestShop.Password };
        (await device.Person.Put("customers", $"/api/v1/customer/update/{device.Person.Username}", body)).Must(200);

        await other.ShouldBeSignedOut();
        (await device.Person.Get("customers", $"/api/v1/customer/get/{device.Person.Username}")).Must(200);
        (await shop.Refresh(device.RefreshToken)).ShouldRefuse(401, "refresh_token_invalid");
    }

    [Fact]
    public async Task Security10_an_admin_who_sets_a_password_ends_the_customers_sessions_and_not_their_own()
    {
        var device = await Device.New(shop);

        (await shop.Admin.Patch("customers", device.Person.Path(), new { password = "set by the admin" })).Must(200);

        await device.ShouldBeSignedOut();
        (await shop.Admin.Reads("/api/v2/customers")).Must(200);
    }

    [Fact]
    public async Task Security10_another_edit_and_the_same_role_end_nothing()
    {
        var device = await Device.New(shop);

        (await device.Person.Patch("customers", device.Person.Path(), new { age = 31 })).Must(200);
        (await shop.Admin.Put("customers", device.Person.Path("/role"), new { role = "customer" })).Must(200);

        await device.ShouldBeSignedIn();
    }

    [Fact]
    public async Task Security10_who_showed_the_old_password_a_moment_before_it_changed_gets_no_session_any_more()
    {
        var jo = await shop.NewCustomer();
        await using var db = shop.Database();
        var seen = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == jo.Id);
        (await shop.Admin.Patch("customers", jo.Path(), new { password = "seven yellow apples" })).Must(200);

        var opened = await shop.Parts("customers").GetRequiredService<OpenSession>().Run(seen, new Origin("127.0.0.1", "test"), refreshable: true);

        opened.Error!.Kind.Code.ShouldBe("invalid_credentials");
    }

    [Fact]
    public async Task Security10_another_role_ends_all_sessions()
    {
        var device = await Device.New(shop);

        (await shop.Admin.Put("customers", device.Person.Path("/role"), new { role = "moderator" })).Must(200);

        await device.ShouldBeSignedOut();
    }

    [Fact]
    public async Task Security10_disabling_ends_all_sessions_and_lets_nobody_in_until_enabled_again()
    {
        var device = await Device.New(shop);

        (await shop.Admin.Put("customers", device.Person.Path("/status"), new { disabled = true }))["disabled"].GetBoolean().ShouldBeTrue();

        await device.ShouldBeSignedOut();
        (await SignIn(device.Person.Username, TestShop.Password)).ShouldRefuse(403, "account_disabled");
        (await SignIn(device.Person.Username, "wrong one")).ShouldRefuse(401, "invalid_credentials");
        (await shop.Visitor.Post("customers", "/api/v1/customer/auth/login", new { username = device.Person.Username, password = TestShop.Password })).ShouldDetail(403);
        (await shop.Admin.Put("customers", device.Person.Path("/status"), new { disabled = false }))["disabled"].GetBoolean().ShouldBeFalse();
        await device.ShouldBeSignedOut("its sessions are over all the same");
        await (await Device.Of(shop, device.Person.Username)).ShouldBeSignedIn();
    }

    [Fact]
    public async Task Security10_the_last_admin_can_not_be_disabled_and_a_disabled_one_is_none()
    {
        (await shop.Admin.Put("customers", "/api/v2/customers/admin/status", new { disabled = true })).ShouldRefuse(409, "last_admin");
        var second = await shop.NewCustomer();
        (await shop.Admin.Put("customers", second.Path("/role"), new { role = "admin" })).Must(200);
        (await shop.Admin.Put("customers", second.Path("/status"), new { disabled = true })).Must(200);

        (await shop.Admin.Put("customers", "/api/v2/customers/admin/status", new { disabled = true })).ShouldRefuse(409, "last_admin");
    }

    [Fact]
    public async Task Security10_deletion_ends_all_sessions_and_forgets_where_they_were()
    {
        var device = await Device.New(shop);

        (await device.Person.Delete("customers", device.Person.Path())).Must(204);

        await device.ShouldBeSignedOut();
        await using var db = shop.Database();
        var row = db.Sessions.Single(s => s.Id == device.Session);
        (row.Address, row.Agent).ShouldBe(("", ""));
    }

    [Fact]
    public async Task Security10_deletion_by_the_first_contract_leaves_the_callers_access_token_which_finds_nothing()
    {
        var device = await Device.New(shop);
        var other = await Device.Of(shop, device.Person.Username);

        (await device.Person.Delete("customers", $"/api/v1/customer/delete/{device.Person.Username}")).Must(200);

        (await device.Person.Get("customers", $"/api/v1/customer/get/{device.Person.Username}")).Must(404);
        (await shop.Refresh(device.RefreshToken)).ShouldRefuse(401, "refresh_token_invalid");
        await other.ShouldBeSignedOut();
    }

    [Fact]
    public async Task Security10_a_token_of_the_first_contract_ends_with_its_session_too()
    {
        var device = await Device.New(shop);
        var login = await shop.Visitor.Post("customers", "/api/v1/customer/auth/login", new { username = device.Person.Username, password = TestShop.Password });
        var old = new Person(shop, device.Person.Username, login.Of("data.token"));
        (await old.Get("customers", $"/api/v1/customer/get/{old.Username}")).Must(200);

        (await device.Person.Delete("customers", device.Person.Path("/sessions"))).Must(204);

        (await old.Get("customers", $"/api/v1/customer/get/{old.Username}")).ShouldDetail(401);
    }

    [Theory]
    [InlineData("sales", "/api/v2/orders")]
    [InlineData("reviews", "/api/v2/moderation-queue")]
    [InlineData("inventory", "/api/v2/products/1/stock-adjustments")]
    public async Task Security10_the_other_services_hear_of_it_within_seconds(string service, string path)
    {
        var device = await Device.New(shop);
        (await device.Person.Get(service, path)).Code.ShouldNotBe(401);

        (await Revoke(device.RefreshToken)).Must(204);

        await RunningShop.Eventually(async () => (await device.Person.Get(service, path)).Code == 401, $"{service} refuses the token of an ended session");
    }

    private Task<Answer> Revoke(string token) => shop.Visitor.Post("customers", "/api/v2/tokens/revocation", new { refresh_token = token });

    private Task<Answer> SignIn(string username, string password) => shop.Visitor.Post("customers", "/api/v2/tokens", new { username, password });
}
