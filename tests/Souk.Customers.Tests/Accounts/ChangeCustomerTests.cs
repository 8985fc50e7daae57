using Souk.Testing;

namespace Souk.Customers.Tests.Accounts;

/// <summary><c>PATCH /api/v2/customers/{username}</c>.</summary>
public class ChangeCustomerTests(TestShop shop)
{
    [Fact]
    public async Task Fields_that_are_sent_change_and_the_others_stay()
    {
        var jo = await shop.NewCustomer();
        var before = await jo.Reads(jo.Path());

        var changed = await jo.Patch("customers", jo.Path(), new { address = "456 Park Avenue", age = 31 });

        (changed.Code, changed.ETag).ShouldBe((200, "\"v2\""));
        (changed.Of("address"), changed["age"].GetInt32(), changed["version"].GetInt32()).ShouldBe(("456 Park Avenue", 31, 2));
        foreach (var field in new[] { "id", "username", "name", "gender", "marital_status", "role", "created_at" })
        {
            changed.Of(field).ShouldBe(before.Of(field));
        }

        changed["updated_at"].GetDateTime().ShouldBeGreaterThan(before["updated_at"].GetDateTime());
        (await jo.Reads(jo.Path())).Text.ShouldBe(changed.Text);
    }

    [Fact]
    public async Task Every_field_of_the_profile_can_change()
    {
        var jo = await shop.NewCustomer();

        var changed = await jo.Patch("customers", jo.Path(), new { name = "Jo Roe", age = 0, address = "2\nHigh Street", gender = false, marital_status = "widows" });

        (changed.Of("name"), changed["age"].GetInt32(), changed.Of("address")).ShouldBe(("Jo Roe", 0, "2\nHigh Street"));
        (changed["gender"].GetBoolean(), changed.Of("marital_status")).ShouldBe((false, "widows"));
    }

    [Fact]
    public async Task An_empty_patch_changes_nothing()
    {
        var jo = await shop.NewCustomer();
        var before = await jo.Reads(jo.Path());

        (await jo.Patch("customers", jo.Path(), new { })).Text.ShouldBe(before.Text);
    }

    [Fact]
    public async Task A_change_names_the_version_that_it_edits()
    {
        var jo = await shop.NewCustomer();
        await jo.Patch("customers", jo.Path(), new { age = 31 });

        (await Patch(jo, new { age = 32 }, null)).ShouldRefuse(428, "precondition_required");
        (await Patch(jo, new { age = 32 }, "\"v1\"")).ShouldRefuse(412, "precondition_failed");
        (await Patch(jo, new { age = 32 }, "\"other\"")).ShouldRefuse(412, "precondition_failed");
        (await jo.Reads(jo.Path()))["age"].GetInt32().ShouldBe(31);
        (await Patch(jo, new { age = 32 }, "\"v2\"")).Must(200);
        (await Patch(jo, new { age = 33 }, "*")).ETag.ShouldBe("\"v4\"");
    }

    [Fact]
    public async Task Of_fifty_edits_of_one_version_one_wins()
    {
        var jo = await shop.NewCustomer();

        var answers = await Task.WhenAll(Enumerable.Range(1, 50).Select(age => Patch(jo, new { age }, "\"v1\"")));

        answers.Count(a => a.Code == 200).ShouldBe(1);
        answers.Count(a => a.Code == 412 && a.Problem == "precondition_failed").ShouldBe(49);
        (await jo.Reads(jo.Path()))["version"].GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Their_own_password_changes_for_whoever_knows_the_current_one()
    {
        var jo = await shop.NewCustomer();

        (await Patch(jo, new { password = "a new fine password" }, "*")).ShouldRefuse(403, "current_password_wrong");
        (await Patch(jo, new { password = "a new fine password", current_password = "seven red apples" }, "*")).ShouldRefuse(403, "current_password_wrong");
        (await SignIn(jo, TestShop.Password)).Code.ShouldBe(200, "nothing has changed");

        (await Patch(jo, new { password = "a new fine password", current_password = TestShop.Password }, "*")).Must(200);
        (await SignIn(jo, TestShop.Password)).ShouldRefuse(401, "invalid_credentials");
        (await SignIn(jo, "a new fine password")).Must(200);
    }

    [Fact]
    public async Task An_admin_sets_anothers_password_without_the_current_one_but_not_their_own()
    {
        var jo = await shop.NewCustomer();

        (await shop.Admin.Patch("customers", jo.Path(), new { password = "set by the admin" })).Must(200);
        (await SignIn(jo, "set by the admin")).Must(200);
        (await Patch(shop.Admin, new { password = "set by the admin" }, "*")).ShouldRefuse(403, "current_password_wrong");
    }

    [Fact]
    public async Task A_common_password_is_refused()
    {
        var jo = await shop.NewCustomer();

        (await Patch(jo, new { password = "iloveyou1", current_password = TestShop.Password }, "*")).ShouldRefuse(400, "common_password");
    }

    [Theory]
    [InlineData("""{"name":null}""", "name string_type")]
    [InlineData("""{"name":""}""", "name string_too_short")]
    [InlineData("""{"age":-1}""", "age greater_than_equal")]
    [InlineData("""{"age":151}""", "age less_than_equal")]
    [InlineData("""{"address":7}""", "address string_type")]
    [InlineData("""{"gender":1}""", "gender bool_type")]
    [InlineData("""{"marital_status":"Single"}""", "marital_status literal_error")]
    [InlineData("""{"password":"short"}""", "password string_too_short")]
    [InlineData("""{"current_password":""}""", "current_password string_too_short")]
    [InlineData("""{"role":"admin"}""", "role extra_forbidden")]
    [InlineData("""{"username":"other"}""", "username extra_forbidden")]
    [InlineData("""{"version":9}""", "version extra_forbidden")]
    public async Task A_field_that_breaks_its_rule_is_named(string body, string field)
    {
        var jo = await shop.NewCustomer();

        (await Patch(jo, body, "*")).ShouldRefuse(422, "validation_failed", field);
        (await jo.Reads(jo.Path())).ETag.ShouldBe("\"v1\"");
    }

    [Fact]
    public async Task A_missing_customer_is_not_found() =>
        (await shop.Admin.Send(HttpMethod.Patch, "customers", "/api/v2/customers/nobody-here", new { age = 3 }, ifMatch: "*")).ShouldRefuse(404, "customer_not_found");

    private static Task<Answer> Patch(Person who, object body, string? ifMatch) => who.Send(HttpMethod.Patch, "customers", who.Path(), body, ifMatch: ifMatch);

    private Task<Answer> SignIn(Person who, string password) => shop.Visitor.Post("customers", "/api/v2/tokens", new { username = who.Username, password });
}
