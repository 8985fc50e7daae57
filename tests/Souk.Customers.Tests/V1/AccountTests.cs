using System.Text.RegularExpressions;
using Microsoft.IdentityModel.JsonWebTokens;
using Souk.Testing;

namespace Souk.Customers.Tests.V1;

/// <summary>The first contract's operations on accounts, to the letter.</summary>
public class AccountTests(TestShop shop)
{
    private const string Base = "/api/v1/customer";

    [Fact]
    public async Task A_registration_says_what_it_did_and_why_not()
    {
        var name = shop.NewName();

        (await Registers(name)).ShouldBeText(201, $$$"""{"message":"Registered '{{{name}}}' successfully","data":{"username":"{{{name}}}"}}""");
        (await Registers(name)).ShouldBeText(409, $$"""{"message":"Customer with username '{{name}}' already exists","errors":"Username already taken"}""");
        (await shop.Visitor.Post("customers", $"{Base}/auth/register", new { username = "jo-doe", password = "password", name = "Jo", age = 3, address = "x", gender = true, marital_status = "single" }))
            .ShouldBeText(400, """{"message":"Failed to register jo-doe","errors":"The password is one of the commonest; choose another"}""");
    }

    [Fact]
    public async Task A_registration_under_one_key_is_done_once()
    {
        var name = shop.NewName();
        var first = await Registers(name, "k");

        (await Registers(name, "k")).ShouldBeText(201, first.Text);
        (await shop.Visitor.Post("customers", $"{Base}/auth/register", new { username = name, password = "another good one", name = "Jo", age = 3, address = "x", gender = true, marital_status = "single" }, "k"))
            .ShouldDetail(422);
    }

    [Fact]
    public async Task A_role_in_a_registration_gives_nothing()
    {
        var name = shop.NewName();
        var body = new { username = name, password = TestShop.Password, name = "Jo", age = "30", address = "x", gender = "yes", marital_status = "single", role = "admin" };

        (await shop.Visitor.Post("customers", $"{Base}/auth/register", body)).Code.ShouldBe(201, "unknown fields are passed over, numbers and booleans may be texts");

        (await shop.Admin.Reads($"{Base}/get/{name}")).Text.ShouldContain($$"""{"username":"{{name}}","name":"Jo","age":30,"address":"x","gender":true,"marital_status":"single","role":"customer"}""");
    }

    [Fact]
    public async Task A_login_answers_with_a_token_that_has_the_profile_in_it()
    {
        var jo = await shop.NewCustomer();

        var answer = await LogsIn(jo.Username, TestShop.Password);

        (answer.Code, answer.Of("message")).ShouldBe((200, "Successfully logged in"));
        (string.Join(',', answer.Json.Names()), string.Join(',', answer["data"].Names())).ShouldBe(("message,data", "token"));
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var token = new JsonWebToken(answer.Of("data.token"));
        new[] { "name", "username", "age", "address", "gender", "marital_status", "role" }.Select(c => token.GetClaim(c).Value)
            .ShouldBe(["Jo Doe", jo.Username, "30", "1 Main Street", "true", "single", "customer"]);
        (token.ValidTo - shop.Clock.GetUtcNow().UtcDateTime).ShouldBeLessThanOrEqualTo(TimeSpan.FromMinutes(15));
        token.Claims.ShouldAllBe(c => !c.Value.Contains(TestShop.Password) && !c.Type.Contains("password"));
        (await new Person(shop, jo.Username, answer.Of("data.token")).Reads($"{Base}/get/{jo.Username}")).Must(200);
    }

    [Fact]
    public async Task A_wrong_name_and_a_wrong_password_are_refused_alike()
    {
        var jo = await shop.NewCustomer();

        (await LogsIn(jo.Username, "wrong")).ShouldBeText(404, """{"detail":"Username or password is invalid"}""");
        (await LogsIn("nobody-here", TestShop.Password)).ShouldBeText(404, """{"detail":"Username or password is invalid"}""");
    }

    [Fact]
    public async Task A_customer_is_read_with_the_wallet()
    {
        var jo = await shop.NewCustomer(money: 100);

        var answer = await jo.Reads($"{Base}/get/{jo.Username}");

        var updated = answer.Of("data.wallet.last_updated");
        Regex.IsMatch(updated, @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", RegexOptions.None, TimeSpan.FromSeconds(1)).ShouldBeTrue(updated);
        var wallet = $$"""{"customer_id":"{{jo.Username}}","amount":100.0,"last_updated":"{{updated}}"}""";
        answer.ShouldBeText(200, $$"""{"message":"Retrieved customer '{{jo.Username}}' successfully","data":{"user":{{User(jo.Username)}},"wallet":""" + wallet + "}}");
    }

    [Fact]
    public async Task All_customers_are_a_list_of_objects_with_one_key()
    {
        var (jo, jane) = (await shop.NewCustomer(), await shop.NewCustomer());

        var answer = await shop.Admin.Reads($"{Base}/get");

        answer.Must(200);
        answer.Json.Names().ShouldBe(["data"]);
        var all = answer["data"].EnumerateArray().Select(e => e.GetRawText()).ToArray();
        all.ShouldContain(Entry(jo.Username));
        all.ShouldContain(Entry(jane.Username));
        answer.Text.ShouldNotContain("password");
    }

    [Fact]
    public async Task An_update_changes_the_fields_that_are_sent()
    {
        var jo = await shop.NewCustomer();

        (await Updates(jo, """{"address":"456 Park Avenue","age":31}""")).ShouldBeText(
            200,
            $$$"""{"message":"Updated '{{{jo.Username}}}' successfully","data":{"username":"{{{jo.Username}}}","name":"Jo Doe","age":31,"address":"456 Park Avenue","gender":true,"marital_status":"single","role":"customer"}}""");
        (await Updates(jo, """{"name":"Jo Roe","gender":"false","marital_status":"divorced","age":null}""")).Text.ShouldContain(
            $$"""{"username":"{{jo.Username}}","name":"Jo Roe","age":31,"address":"456 Park Avenue","gender":false,"marital_status":"divorced","role":"customer"}""");
        (await jo.Reads(jo.Path())).ETag.ShouldBe("\"v3\"");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"age":null}""")]
    [InlineData("""{"unknown":1}""")]
    [InlineData("""{"current_password":"seven green apples"}""")]
    public async Task An_update_of_nothing_is_202(string body)
    {
        var jo = await shop.NewCustomer();

        (await Updates(jo, body)).ShouldBeText(202, $$"""{"message":"Customer update request for '{{jo.Username}}' processed, but no new data available"}""");
        (await jo.Reads(jo.Path())).ETag.ShouldBe("\"v1\"");
    }

    [Fact]
    public async Task An_update_sets_the_password_for_whoever_knows_the_current_one()
    {
        var jo = await shop.NewCustomer();
        var refused = $$"""{"message":"Failed to update '{{jo.Username}}'","errors":"The current password is needed, and must be right"}""";

        (await Updates(jo, """{"password":"my new password"}""")).ShouldBeText(400, refused);
        (await Updates(jo, """{"password":"my new password","current_password":"seven red apples"}""")).ShouldBeText(400, refused);
        (await LogsIn(jo.Username, TestShop.Password)).Code.ShouldBe(200, "nothing has changed");

        (await Updates(jo, $$"""{"password":"iloveyou1","current_password":"{{TestShop.Password}}"}""")).ShouldBeText(400, $$"""{"message":"Failed to update '{{jo.Username}}'","errors":"The password is one of the commonest; choose another"}""");
        (await Updates(jo, $$"""{"password":"my new password","current_password":"{{TestShop.Password}}"}""")).Must(200);
        (await LogsIn(jo.Username, "my new password")).Must(200);
    }

    [Fact]
    public async Task An_admin_sets_anothers_password_without_the_current_one()
    {
        var jo = await shop.NewCustomer();

        (await shop.Admin.Put("customers", $"{Base}/update/{jo.Username}", """{"password":"set by the admin"}""")).Must(200);
        (await LogsIn(jo.Username, "set by the admin")).Must(200);
    }

    [Fact]
    public async Task An_update_sets_the_role_for_those_who_may_give_roles()
    {
        var jo = await shop.NewCustomer();

        (await Updates(jo, """{"role":"admin"}""")).ShouldDetail(403);
        (await shop.Admin.Put("customers", $"{Base}/update/{jo.Username}", """{"role":"moderator","age":44}""")).Text
            .ShouldContain("\"age\":44,\"address\":\"1 Main Street\",\"gender\":true,\"marital_status\":\"single\",\"role\":\"moderator\"");
    }

    [Fact]
    public async Task A_deletion_says_what_it_did()
    {
        var jo = await shop.NewCustomer(money: 3);

        (await jo.Delete("customers", $"{Base}/delete/{jo.Username}")).ShouldBeText(200, $$"""{"message":"Deleted '{{jo.Username}}' successfully"}""");
        (await shop.Admin.Reads(jo.Path())).Must(404);
    }

    [Theory]
    [InlineData("GET", "get")]
    [InlineData("PUT", "update")]
    [InlineData("DELETE", "delete")]
    public async Task A_missing_customer_is_404(string method, string what) =>
        (await shop.Admin.Send(new HttpMethod(method), "customers", $"{Base}/{what}/nobody-here", method == "PUT" ? "{}" : null))
            .ShouldBeText(404, """{"message":"Customer with username 'nobody-here' not found"}""");

    private static string Entry(string name) => $$$"""{"{{{name}}}":{{{User(name)}}}}""";

    private static string User(string name) => $$"""{"username":"{{name}}","name":"Jo Doe","age":30,"address":"1 Main Street","gender":true,"marital_status":"single","role":"customer"}""";

    private static Task<Answer> Updates(Person who, string body) => who.Put("customers", $"{Base}/update/{who.Username}", body);

    private Task<Answer> Registers(string name, string? key = null) => shop.Visitor.Post("customers", $"{Base}/auth/register", TestShop.Registration(name), key);

    private Task<Answer> LogsIn(string username, string password) => shop.Visitor.Post("customers", $"{Base}/auth/login", new { username, password });
}
