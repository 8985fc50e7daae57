using System.Text.Json;
using System.Text.Json.Nodes;
using Souk.Testing;

namespace Souk.Customers.Tests.Accounts;

/// <summary><c>POST /api/v2/customers</c>.</summary>
public class RegisterTests(TestShop shop)
{
    private const string Path = "/api/v2/customers";

    [Fact]
    public async Task A_registration_makes_an_account_and_an_empty_wallet()
    {
        var name = shop.NewName("Jo.Doe");

        var answer = await shop.Visitor.Post("customers", Path, TestShop.Registration(name));

        answer.Must(201);
        answer.Headers.Location!.ToString().ShouldBe($"/api/v2/customers/{name}");
        answer.ETag.ShouldBe("\"v1\"");
        answer.Json.Names().ShouldBe(["id", "username", "name", "age", "address", "gender", "marital_status", "role", "version", "created_at", "updated_at", "disabled"]);
        (answer.Of("username"), answer.Of("name"), answer["age"].GetInt32(), answer.Of("address")).ShouldBe((name, "Jo Doe", 30, "1 Main Street"));
        (answer["gender"].GetBoolean(), answer.Of("marital_status"), answer.Of("role"), answer["version"].GetInt32()).ShouldBe((true, "single", "customer", 1));
        answer["created_at"].GetDateTime().ShouldBe(answer["updated_at"].GetDateTime());
        answer.Of("created_at").ShouldEndWith("Z");
        var jo = await shop.SignsIn(name, TestShop.Password);
        jo.Id.ShouldBe(answer["id"].GetGuid());
        (await jo.Balance()).ShouldBe(0m);
    }

    [Theory]
    [InlineData("name", "", "string_too_short")]
    [InlineData("name", 7, "string_type")]
    [InlineData("username", "ab", "string_too_short")]
    [InlineData("username", "with space", "string_pattern_mismatch")]
    [InlineData("username", "jo/../admin", "string_pattern_mismatch")]
    [InlineData("username", "jö-doe", "string_pattern_mismatch")]
    [InlineData("password", "seven77", "string_too_short")]
    [InlineData("password", null, "string_type")]
    [InlineData("age", -1, "greater_than_equal")]
    [InlineData("age", 151, "less_than_equal")]
    [InlineData("age", "30", "int_type")]
    [InlineData("age", 30.5, "int_from_float")]
    [InlineData("address", "", "string_too_short")]
    [InlineData("gender", "true", "bool_type")]
    [InlineData("marital_status", "widowed", "literal_error")]
    [InlineData("role", "admin", "extra_forbidden")]
    [InlineData("balance", 100, "extra_forbidden")]
    public async Task A_field_that_breaks_its_rule_is_named(string field, object? value, string rule) =>
        (await Registers(b => b[field] = JsonValue.Create(value))).ShouldRefuse(422, "validation_failed", $"{field} {rule}");

    [Theory]
    [InlineData("name", 100)]
    [InlineData("username", 40)]
    [InlineData("password", 128)]
    [InlineData("address", 255)]
    public async Task A_text_may_have_its_greatest_length_and_no_more(string field, int most)
    {
        var text = $"{shop.NewName()}-".PadRight(most, 'x');

        (await Registers(b => b[field] = text)).Must(201);
        (await Registers(b => b[field] = text + "x")).ShouldRefuse(422, "validation_failed", $"{field} string_too_long");
    }

    [Theory]
    [Trait("security", "12")]
    [InlineData("xkcdxkcd")]
    [InlineData("        ")]
    [InlineData("пароль пароль")]
    [InlineData("0")] // stretched to 64
    [InlineData("é")] // stretched to 128
    public async Task Security12_a_password_has_8_to_128_characters_and_no_other_rule(string password)
    {
        password = password switch { "0" => new string('0', 64), "é" => new string('é', 128), _ => password };
        foreach (var path in new[] { "/api/v2/customers", "/api/v1/customer/auth/register" })
        {
            var body = JsonSerializer.SerializeToNode(TestShop.Registration(shop.NewName()))!;
            body["password"] = password;
            (await shop.Visitor.Post("customers", path, body.ToJsonString())).Must(201);
            await shop.SignsIn(body["username"]!.ToString(), password);
            (await shop.Visitor.Post("customers", "/api/v2/tokens", new { username = body["username"]!.ToString(), password = password[..^1] })).ShouldRefuse(401, "invalid_credentials");
            body["password"] = "1234567";
            (await shop.Visitor.Post("customers", path, body.ToJsonString())).Must(422);
        }
    }

    [Theory]
    [InlineData("/api/v2/customers/")]
    [InlineData("/api/v1/customer/get/")]
    public async Task A_username_may_be_an_address_and_stands_in_paths(string path)
    {
        var name = $"{shop.NewName("jo")}+souk@example.com";
        var jo = await shop.NewCustomer(username: name);

        (await jo.Reads(path + name)).Must(200);
        (await jo.Reads(path + Uri.EscapeDataString(name))).Text.ShouldContain($"\"username\":\"{name}\"");
        (await shop.AsSales().Reads($"/internal/customers?username={Uri.EscapeDataString(name)}")).Of("username").ShouldBe(name);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(150)]
    public async Task The_least_and_the_greatest_age_are_allowed(int age) => (await Registers(b => b["age"] = age))["age"].GetInt32().ShouldBe(age);

    [Theory]
    [InlineData("single")]
    [InlineData("married")]
    [InlineData("divorced")]
    [InlineData("widows")]
    public async Task Each_marital_status_is_kept(string status) => (await Registers(b => b["marital_status"] = status)).Of("marital_status").ShouldBe(status);

    [Fact]
    public async Task Every_missing_field_is_named_at_once() =>
        (await shop.Visitor.Post("customers", Path, "{}")).ShouldRefuse(
            422, "validation_failed", "name missing", "username missing", "password missing", "age missing", "address missing", "gender missing", "marital_status missing");

    [Theory]
    [InlineData("password")]
    [InlineData("Password1")]
    public async Task Security12_a_common_password_is_refused_in_any_case(string password) => (await Registers(b => b["password"] = password)).ShouldRefuse(400, "common_password");

    [Fact]
    public async Task A_username_is_given_once_in_whatever_case()
    {
        var jo = await shop.NewCustomer();

        (await Registers(b => b["username"] = jo.Username)).ShouldRefuse(409, "username_taken");
        (await Registers(b => b["username"] = jo.Username.ToUpperInvariant())).ShouldRefuse(409, "username_taken");
    }

    [Theory]
    [InlineData("admin")]
    [InlineData("Admin")]
    public async Task The_first_admins_name_is_nobodys(string name) => (await Registers(b => b["username"] = name)).ShouldRefuse(409, "username_taken");

    [Fact]
    public async Task Fifty_registrations_of_one_name_at_once_make_one_account()
    {
        var name = shop.NewName();
        var answers = new Answer[50];

        await Parallel.ForAsync(0, 50, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) => answers[i] = await Registers(b => b["username"] = name));

        answers.Count(a => a.Code == 201).ShouldBe(1);
        answers.Count(a => a.Code == 409 && a.Problem == "username_taken").ShouldBe(49);
    }

    [Fact]
    public async Task The_same_key_gives_the_same_answer_and_another_request_with_it_is_refused()
    {
        var name = shop.NewName();
        var first = await Registers(b => b["username"] = name, "reg");

        var again = await Registers(b => b["username"] = name, "reg");
        var other = await Registers(b => (b["username"], b["age"]) = (name, 31), "reg");

        (again.Code, again.Text, again.ETag).ShouldBe((201, first.Text, first.ETag));
        other.ShouldRefuse(422, "idempotency_key_reused");
        (await Registers(b => b["username"] = shop.NewName(), "reg")).Code.ShouldBe(201, "another name's keys are others");
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("")]
    public async Task A_key_that_is_none_is_refused(string key) =>
        (await Registers(_ => { }, key)).ShouldRefuse(422, "validation_failed", "Idempotency-Key idempotency_key");

    [Fact]
    public async Task A_secret_is_never_echoed()
    {
        const string Secret = "short77";

        var answer = await Registers(b => b["password"] = Secret);

        answer.Must(422);
        answer.Text.ShouldNotContain(Secret);
    }

    private Task<Answer> Registers(Action<JsonObject> change, string? key = null)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToNode(TestShop.Registration(shop.NewName()))!.AsObject();
        change(body);
        return shop.Visitor.Post("customers", Path, body.ToJsonString(), key);
    }
}
