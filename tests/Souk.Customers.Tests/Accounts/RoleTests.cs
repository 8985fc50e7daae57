using Souk.Testing;

namespace Souk.Customers.Tests.Accounts;

/// <summary><c>PUT /api/v2/customers/{username}/role</c>, in a shop of its own: its admins come and go.</summary>
public sealed class RoleTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task A_role_counts_from_the_next_token_on()
    {
        var jo = await _shop.NewCustomer();

        var given = await Give(jo.Username, "admin");

        (given.Code, given.ETag, given.Of("role"), given["version"].GetInt32()).ShouldBe((200, "\"v2\"", "admin", 2));
        (await jo.Reads("/api/v2/customers")).ShouldRefuse(403, "forbidden");
        var again = await _shop.SignsIn(jo.Username, TestShop.Password);
        (await again.Reads("/api/v2/customers")).Code.ShouldBe(200);
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

        (await _shop.Admin.Delete("customers", "/api/v2/customers/admin")).Code.ShouldBe(204);

        (await heir.Delete("customers", heir.Path())).ShouldRefuse(409, "last_admin");
        (await _shop.Visitor.Post("customers", "/api/v2/customers", TestShop.Registration("admin"))).ShouldRefuse(409, "username_taken");
    }

    [Fact]
    public async Task A_missing_customer_is_not_found() => (await Give("nobody-here", "moderator")).ShouldRefuse(404, "customer_not_found");

    [Theory]
    [InlineData("""{"role":"king"}""", "role literal_error")]
    [InlineData("""{"role":2}""", "role literal_error")]
    [InlineData("""{}""", "role missing")]
    [InlineData("""{"role":"admin","permissions":[]}""", "permissions extra_forbidden")]
    public async Task A_role_that_is_none_is_refused(string body, string field)
    {
        var jo = await _shop.NewCustomer();

        (await _shop.Admin.Put("customers", jo.Path("/role"), body)).ShouldRefuse(422, "validation_failed", field);
    }

    private Task<Answer> Give(string username, string role) => _shop.Admin.Put("customers", $"/api/v2/customers/{username}/role", new { role });
}
