using Souk.Testing;

namespace Souk.Customers.Tests.Accounts;

/// <summary><c>PUT /api/v2/customers/{username}/role</c>, in a shop of its own: its admins come and go.</summary>
public sealed class RoleTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task A_role_counts_from_the_next_sign_in_on()
    {
        var jo = await _shop.NewCustomer();

        var given = await Give(jo.Username, "admin");

        (given.Code, given.ETag, given.Of("role"), given["version"].GetInt32()).ShouldBe((200, "\"v2\"", "admin", 2));
        (await jo.Reads("/api/v2/customers")).ShouldRefuse(401, "unauthenticated");
        var again = await _shop.SignsIn(jo.Username, TestShop.Password);
        (await again.Reads("/api/v2/customers")).Must(200);
    }

    [Fact]
    public async Task The_same_role_again_changes_nothing()
    {
        var jo = await _shop.NewCustomer();

        (await Give(jo.Username, "moderator")).ETag.ShouldBe("\"v2\"");
        (await Give(jo.Username, "moderator")).ETag.ShouldBe("\"v2\"");
        (await Give(jo.Username, "customer")).ETag.ShouldBe("\"v3\"");
    }

    [Fact]
    public async Task The_last_admin_stays_one_and_stays()
    {
        (await Give("admin", "customer")).ShouldRefuse(409, "last_admin");
        (await Give("admin", "moderator")).ShouldRefuse(409, "last_admin");
        (await Give("admin", "admin")).ETag.ShouldBe("\"v1\"");
        (await _shop.Admin.Delete("customers", "/api/v2/customers/admin")).ShouldRefuse(409, "last_admin");
        (await _shop.Admin.Delete("customers", "/api/v1/customer/delete/admin"))
            .ShouldBeText(400, """{"message":"Failed to delete customer with id 'admin'","errors":"The only admin must stay one"}""");
        (await _shop.Admin.Put("customers", "/api/v1/customer/update/admin", new { role = "customer" }))
            .ShouldBeText(400, """{"message":"Failed to update 'admin'","errors":"The only admin must stay one"}""");
        (await _shop.Admin.Reads("/api/v2/customers/admin")).Of("role").ShouldBe("admin");
    }

    [Fact]
    public async Task With_a_second_admin_the_first_may_go_and_the_second_is_then_the_last()
    {
        var jo = await _shop.NewCustomer();
        await Give(jo.Username, "admin");
        var heir = await _shop.SignsIn(jo.Username, TestShop.Password);

        (await _shop.Admin.Delete("customers", "/api/v2/customers/admin")).Must(204);

        (await heir.Delete("customers", heir.Path())).ShouldRefuse(409, "last_admin");
        (await _shop.Visitor.Post("customers", "/api/v2/customers", TestShop.Registration("admin"))).ShouldRefuse(409, "username_taken");
    }

    [Fact]
    public async Task Security5_two_admins_who_end_each_other_at_the_same_moment_leave_one()
    {
        // Whoever is demoted is signed out as well, and signs in again.
        for (var round = 0; round < 5; round++)
        {
            var jo = await _shop.NewCustomer();
            var first = await _shop.SignsIn("admin", TestShop.Password);
            (await first.Put("customers", jo.Path("/role"), new { role = "admin" })).Must(200);
            var second = await _shop.SignsIn(jo.Username, TestShop.Password);

            var ended = await Task.WhenAll(
                Task.Run(() => second.Put("customers", "/api/v2/customers/admin/role", new { role = "customer" })), Task.Run(() => first.Put("customers", jo.Path("/role"), new { role = "customer" })));

            ended.Count(e => e.Code == 200).ShouldBe(1);
            (await _shop.Storage.Number("customers", "SELECT count(*) FROM customers WHERE role = 'admin'")).ShouldBe(1);
            if (ended[0].Code == 200)
            {
                (await second.Put("customers", "/api/v2/customers/admin/role", new { role = "admin" })).Must(200);
                var again = await _shop.SignsIn("admin", TestShop.Password);
                (await again.Put("customers", jo.Path("/role"), new { role = "customer" })).Must(200);
            }
        }
    }

    [Fact]
    public async Task Security5_a_demoted_admin_cannot_use_an_old_token_to_come_back_or_to_make_others_admin()
    {
        var jo = await _shop.NewCustomer();
        await Give(jo.Username, "admin");
        var armed = await _shop.SignsIn(jo.Username, TestShop.Password);
        await Give(jo.Username, "customer");
        var friend = await _shop.NewCustomer();

        (await armed.Put("customers", armed.Path("/role"), new { role = "admin" })).ShouldRefuse(401, "unauthenticated");
        (await armed.Put("customers", friend.Path("/role"), new { role = "admin" })).ShouldRefuse(401, "unauthenticated");
        (await armed.Put("customers", $"/api/v1/customer/update/{jo.Username}", new { role = "admin" })).ShouldDetail(401);
        (await armed.Post("customers", "/api/v2/roles", new { name = "mine", permissions = new[] { "roles:write" } })).ShouldRefuse(401, "unauthenticated");
        (await _shop.Admin.Reads(jo.Path())).Of("role").ShouldBe("customer");
    }

    [Fact]
    public async Task Security5_what_moderators_may_is_the_shops_to_say_and_what_admins_may_is_everything()
    {
        var moderator = await _shop.NewModerator();
        (await moderator.Reads("/api/v2/customers")).ShouldRefuse(403, "forbidden");

        (await _shop.Admin.Patch("customers", "/api/v2/roles/moderator", new { permissions = new[] { "customers:read" } })).Of("permissions.0").ShouldBe("customers:read");

        var again = await _shop.SignsIn(moderator.Username, TestShop.Password);
        (await again.Reads("/api/v2/customers")).Must(200);
        (await again.Get("reviews", "/api/v2/moderation-queue")).ShouldRefuse(403, "forbidden");
        (await _shop.Admin.Patch("customers", "/api/v2/roles/admin", new { permissions = Array.Empty<string>() })).ShouldRefuse(409, "role_built_in");
        foreach (var role in new[] { "customer", "moderator", "admin" })
        {
            (await _shop.Admin.Delete("customers", $"/api/v2/roles/{role}")).ShouldRefuse(409, "role_built_in");
        }
    }

    [Fact]
    public async Task A_role_that_there_is_not_is_not_found() => (await Give((await _shop.NewCustomer()).Username, "king")).ShouldRefuse(404, "role_not_found");

    [Fact]
    public async Task A_missing_customer_is_not_found() => (await Give("nobody-here", "moderator")).ShouldRefuse(404, "customer_not_found");

    [Theory]
    [InlineData("""{"role":""}""", "role string_too_short")]
    [InlineData("""{"role":2}""", "role string_type")]
    [InlineData("""{}""", "role missing")]
    [InlineData("""{"role":"admin","permissions":[]}""", "permissions extra_forbidden")]
    public async Task A_role_that_is_none_is_refused(string body, string field)
    {
        var jo = await _shop.NewCustomer();

        (await _shop.Admin.Put("customers", jo.Path("/role"), body)).ShouldRefuse(422, "validation_failed", field);
    }

    private Task<Answer> Give(string username, string role) => _shop.Admin.Put("customers", $"/api/v2/customers/{username}/role", new { role });
}
