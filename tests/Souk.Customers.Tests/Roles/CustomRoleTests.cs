using Microsoft.IdentityModel.JsonWebTokens;
using Souk.Testing;

namespace Souk.Customers.Tests.Roles;

/// <summary><c>/api/v2/roles</c>: sets of permissions that a shop makes for itself.</summary>
public class CustomRoleTests(TestShop shop)
{
    private const string Roles = "/api/v2/roles";

    [Fact]
    public async Task Security5_a_role_is_made_given_and_guards_operations_by_its_permissions()
    {
        var name = NewRole();
        var made = await Make(name, "customers:read");
        (made.Code, made.ETag, made.Headers.Location!.ToString()).ShouldBe((201, "\"v1\"", $"{Roles}/{name}"));
        made.Json.Names().ShouldBe(["name", "permissions", "built_in", "version", "created_at", "updated_at"]);

        var clerk = await Holder(name);

        (await clerk.Reads("/api/v2/customers")).Must(200);
        (await clerk.Reads("/api/v1/customer/get")).Must(200);
        (await clerk.Put("customers", (await shop.NewCustomer()).Path("/role"), new { role = "moderator" })).ShouldRefuse(403, "forbidden");
        (await clerk.Get("inventory", "/api/v2/products/1/stock-adjustments")).ShouldRefuse(403, "forbidden");
        new JsonWebToken(clerk.Token).GetClaim("role").Value.ShouldBe(name);
        (await shop.Admin.Reads(clerk.Path())).Of("role").ShouldBe(name);
        (await shop.Admin.Reads($"/api/v2/customers?role={name}"))["items"].GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Security5_a_role_from_before_its_permission_was_renamed_keeps_it()
    {
        await using var before = new TestShop();
        await before.InitializeAsync();
        (await before.Admin.Post("customers", Roles, new { name = "cashier", permissions = new[] { "reviews:moderate", "wallet:adjust" } })).Must(201);
        await before.Storage.Run("customers", "UPDATE roles SET granted = replace(granted, 'wallet:adjust', 'wallets:adjust')");
        await before.Storage.Run("customers", "DELETE FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" LIKE '%WalletPermission'");

        await before.Reopen();

        await before.AdminSignsInAgain();
        var role = await before.Admin.Reads($"{Roles}/cashier");
        role["permissions"].EnumerateArray().Select(p => p.GetString()).ShouldBe(["reviews:moderate", "wallet:adjust"], ignoreOrder: true);
    }

    [Fact]
    public async Task Security5_the_first_contract_goes_on_showing_one_of_its_three_roles()
    {
        var clerk = await Holder(await Made("reviews:moderate"));

        (await clerk.Reads($"/api/v1/customer/get/{clerk.Username}")).Of("data.user.role").ShouldBe("customer");
        (await shop.Admin.Reads($"/api/v1/customer/get/{clerk.Username}")).Of("data.user.role").ShouldBe("customer");
        var login = await shop.Visitor.Post("customers", "/api/v1/customer/auth/login", new { username = clerk.Username, password = TestShop.Password });
        var token = new JsonWebToken(login.Of("data.token"));
        (token.GetClaim("role").Value, token.GetClaim("permissions").Value).ShouldBe(("customer", "reviews:moderate"));
    }

    [Fact]
    public async Task Security5_nobody_gives_or_takes_more_than_they_have()
    {
        var officer = await Holder(await Made("roles:write", "customers:read"));
        var (jo, moderator, low, high) = (await shop.NewCustomer(), await shop.NewModerator(), await Made("customers:read"), await Made("inventory:write"));

        (await Make(NewRole(), officer, "customers:read")).Must(201);
        (await Make(NewRole(), officer, "customers:read", "inventory:write")).ShouldRefuse(403, "beyond_own_permissions");
        (await officer.Put("customers", jo.Path("/role"), new { role = low })).Must(200);
        (await officer.Put("customers", jo.Path("/role"), new { role = high })).ShouldRefuse(403, "beyond_own_permissions");
        (await officer.Put("customers", officer.Path("/role"), new { role = "admin" })).ShouldRefuse(403, "beyond_own_permissions");
        (await officer.Put("customers", $"/api/v1/customer/update/{officer.Username}", new { role = "admin" })).ShouldDetail(403);
        (await officer.Put("customers", moderator.Path("/role"), new { role = "customer" })).ShouldRefuse(403, "beyond_own_permissions");
        (await officer.Patch("customers", $"{Roles}/{low}", new { permissions = new[] { "customers:read", "sales:read" } })).ShouldRefuse(403, "beyond_own_permissions");
        (await officer.Patch("customers", $"{Roles}/{high}", new { permissions = Array.Empty<string>() })).ShouldRefuse(403, "beyond_own_permissions");
        (await officer.Delete("customers", $"{Roles}/{high}")).ShouldRefuse(403, "beyond_own_permissions");
        (await shop.Admin.Reads($"{Roles}/{high}")).Of("permissions.0").ShouldBe("inventory:write");
        (await shop.Admin.Reads(moderator.Path())).Of("role").ShouldBe("moderator");
    }

    [Fact]
    public async Task Security5_whoever_may_change_customers_takes_over_nobody_who_may_do_more()
    {
        var clerk = await Holder(await Made("customers:read", "customers:write"));
        var (jo, moderator) = (await shop.NewCustomer(), await shop.NewModerator());

        (await clerk.Patch("customers", jo.Path(), new { password = "another long password" })).Must(200);
        foreach (var above in new[] { moderator.Username, "admin" })
        {
            var path = $"/api/v2/customers/{above}";
            (await clerk.Patch("customers", path, new { password = "another long password" })).ShouldRefuse(403, "beyond_own_permissions");
            (await clerk.Delete("customers", path)).ShouldRefuse(403, "beyond_own_permissions");
            (await clerk.Put("customers", $"/api/v1/customer/update/{above}", new { password = "another long password" })).ShouldDetail(403);
            (await clerk.Delete("customers", $"/api/v1/customer/delete/{above}")).ShouldDetail(403);
            (await shop.SignsIn(above, TestShop.Password)).Token.ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task A_changed_role_counts_from_the_next_token_on()
    {
        var role = await Made("customers:read");
        var clerk = await Holder(role);

        var changed = await shop.Admin.Patch("customers", $"{Roles}/{role}", new { permissions = new[] { "sales:read" } });

        (changed.Code, changed.ETag, changed.Of("permissions.0")).ShouldBe((200, "\"v2\"", "sales:read"));
        var again = await shop.SignsIn(clerk.Username, TestShop.Password);
        (await again.Reads("/api/v2/customers")).ShouldRefuse(403, "forbidden");
    }

    [Fact]
    public async Task A_role_is_deleted_when_nobody_has_it()
    {
        var role = await Made("sales:read");
        var clerk = await Holder(role);

        (await shop.Admin.Delete("customers", $"{Roles}/{role}")).ShouldRefuse(409, "role_in_use");
        (await shop.Admin.Reads($"{Roles}/{role}")).Code.ShouldBe(200, "a refusal leaves it");
        await shop.Admin.Put("customers", clerk.Path("/role"), new { role = "customer" });

        (await shop.Admin.Delete("customers", $"{Roles}/{role}")).Must(204);
        (await shop.Admin.Reads($"{Roles}/{role}")).ShouldRefuse(404, "role_not_found");
        (await shop.Admin.Delete("customers", $"{Roles}/{role}")).ShouldRefuse(404, "role_not_found");
    }

    [Fact]
    public async Task The_list_goes_by_name_page_by_page()
    {
        await Made("sales:read");
        var names = new List<string>();
        for (string? after = ""; after is not null;)
        {
            var page = await shop.Admin.Reads($"{Roles}?limit=2{after}");
            names.AddRange(page["items"].EnumerateArray().Select(r => r.GetProperty("name").GetString()!));
            after = page["next"].GetString() is { } next ? $"&after={next}" : null;
        }

        names.ShouldBe(names.Distinct().Order(StringComparer.Ordinal));
        names.ShouldContain("admin");
        (await shop.Admin.Reads($"{Roles}/admin"))["permissions"].GetArrayLength().ShouldBe(Contracts.Permissions.All.Count);
    }

    [Fact]
    public async Task A_repeated_request_makes_one_role_and_a_name_is_taken_once()
    {
        var body = new { name = NewRole(), permissions = new[] { "sales:read" } };

        var first = await shop.Admin.Post("customers", Roles, body, key: body.name);
        var again = await shop.Admin.Post("customers", Roles, body, key: body.name);

        (first.Code, again.Code, again.Text).ShouldBe((201, 201, first.Text));
        (await shop.Admin.Post("customers", Roles, body)).ShouldRefuse(409, "role_exists");
    }

    [Theory]
    [InlineData("""{"name":"A","permissions":[]}""", "name string_too_short")]
    [InlineData("""{"name":"Big","permissions":[]}""", "name string_pattern_mismatch")]
    [InlineData("""{"name":"ok"}""", "permissions missing")]
    [InlineData("""{"name":"ok","permissions":"sales:read"}""", "permissions list_type")]
    [InlineData("""{"name":"ok","permissions":["sales:read","sales:steal"]}""", "permissions[1] literal_error")]
    [InlineData("""{"name":"ok","permissions":[1]}""", "permissions[0] literal_error")]
    [InlineData("""{"name":"ok","permissions":[],"built_in":true}""", "built_in extra_forbidden")]
    public async Task A_role_of_a_wrong_form_is_refused(string body, string field) =>
        (await shop.Admin.Post("customers", Roles, body)).ShouldRefuse(422, "validation_failed", field);

    [Fact]
    public async Task A_change_needs_the_version_that_was_read()
    {
        var path = $"{Roles}/{await Made("sales:read")}";
        var body = new { permissions = new[] { "customers:read" } };

        (await shop.Admin.Send(HttpMethod.Patch, "customers", path, body)).ShouldRefuse(428, "precondition_required");
        (await shop.Admin.Send(HttpMethod.Patch, "customers", path, body, ifMatch: "\"v7\"")).ShouldRefuse(412, "precondition_failed");
        (await shop.Admin.Send(HttpMethod.Patch, "customers", path, new { }, ifMatch: "\"v1\"")).ETag.ShouldBe("\"v1\"", "nothing was to be changed");
    }

    private string NewRole() => shop.NewName("role");

    private Task<Answer> Make(string name, params string[] permissions) => Make(name, shop.Admin, permissions);

    private static Task<Answer> Make(string name, Person by, params string[] permissions) => by.Post("customers", Roles, new { name, permissions });

    private async Task<string> Made(params string[] permissions)
    {
        var name = NewRole();
        (await Make(name, permissions)).Must(201);
        return name;
    }

    private async Task<Person> Holder(string role)
    {
        var customer = await shop.NewCustomer();
        (await shop.Admin.Put("customers", customer.Path("/role"), new { role })).Must(200);
        return await shop.SignsIn(customer.Username, TestShop.Password);
    }
}
