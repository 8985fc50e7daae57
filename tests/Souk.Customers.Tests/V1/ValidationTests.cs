using System.Text.Json.Nodes;
using Souk.Testing;

namespace Souk.Customers.Tests.V1;

/// <summary>The first contract's 422: Pydantic's types, words and contexts, for each rule of each field.</summary>
public class ValidationTests(TestShop shop)
{
    private const string Statuses = "'single', 'married', 'divorced' or 'widows'";

    public static TheoryData<string, string, string> Rules => new()
    {
        { "name", "\"\"", """{"type":"string_too_short","loc":["body","name"],"msg":"String should have at least 1 character","input":"","ctx":{"min_length":1}}""" },
        { "name", "7", """{"type":"string_type","loc":["body","name"],"msg":"Input should be a valid string","input":7}""" },
        { "username", "\"ab\"", """{"type":"string_too_short","loc":["body","username"],"msg":"String should have at least 3 characters","input":"ab","ctx":{"min_length":3}}""" },
        { "username", "\"a b c\"", """{"type":"string_pattern_mismatch","loc":["body","username"],"msg":"String should match pattern '[A-Za-z0-9._@+-]+'","input":"a b c","ctx":{"pattern":"[A-Za-z0-9._@+-]+"}}""" },
        { "password", "\"short77\"", """{"type":"string_too_short","loc":["body","password"],"msg":"String should have at least 8 characters","input":"**********","ctx":{"min_length":8}}""" },
        { "age", "-1", """{"type":"greater_than_equal","loc":["body","age"],"msg":"Input should be greater than or equal to 0","input":-1,"ctx":{"ge":0}}""" },
        { "age", "151", """{"type":"less_than_equal","loc":["body","age"],"msg":"Input should be less than or equal to 150","input":151,"ctx":{"le":150}}""" },
        { "age", "\"old\"", """{"type":"int_parsing","loc":["body","age"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"old"}""" },
        { "age", "3.5", """{"type":"int_from_float","loc":["body","age"],"msg":"Input should be a valid integer, got a number with a fractional part","input":3.5}""" },
        { "age", "[]", """{"type":"int_type","loc":["body","age"],"msg":"Input should be a valid integer","input":[]}""" },
        { "address", "\"\"", """{"type":"string_too_short","loc":["body","address"],"msg":"String should have at least 1 character","input":"","ctx":{"min_length":1}}""" },
        { "gender", "\"male\"", """{"type":"bool_parsing","loc":["body","gender"],"msg":"Input should be a valid boolean, unable to interpret input","input":"male"}""" },
        { "gender", "{}", """{"type":"bool_type","loc":["body","gender"],"msg":"Input should be a valid boolean","input":{}}""" },
        { "marital_status", "\"engaged\"", $$$"""{"type":"literal_error","loc":["body","marital_status"],"msg":"Input should be {{{Statuses}}}","input":"engaged","ctx":{"expected":"{{{Statuses}}}"}}""" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Each_rule_holds_in_a_registration(string field, string value, string entry)
    {
        var body = Registration();
        body[field] = JsonNode.Parse(value);

        (await Register(body)).ShouldBe422(entry);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Each_rule_holds_in_an_update(string field, string value, string entry)
    {
        if (field == "username")
        {
            return; // An update passes it over.
        }

        var jo = await shop.NewCustomer();
        (await jo.Put("customers", $"/api/v1/customer/update/{jo.Username}", $$"""{"{{field}}":{{value}}}""")).ShouldBe422(entry);
    }

    [Theory]
    [InlineData("name", 100)]
    [InlineData("username", 40)]
    [InlineData("address", 255)]
    public async Task A_text_that_is_too_long_is_refused(string field, int most)
    {
        var body = Registration();
        var text = new string('x', most + 1);
        body[field] = text;

        (await Register(body)).ShouldBe422(
            $$$"""{"type":"string_too_long","loc":["body","{{{field}}}"],"msg":"String should have at most {{{most}}} characters","input":"{{{text}}}","ctx":{"max_length":{{{most}}}}}""");
    }

    [Theory]
    [InlineData("name")]
    [InlineData("username")]
    [InlineData("age")]
    [InlineData("address")]
    [InlineData("gender")]
    [InlineData("marital_status")]
    public async Task A_missing_field_shows_the_body_without_its_secret(string field)
    {
        var body = Registration();
        body.Remove(field);
        var shown = body.DeepClone().AsObject();
        shown["password"] = "**********";

        (await Register(body)).ShouldBe422($$"""{"type":"missing","loc":["body","{{field}}"],"msg":"Field required","input":{{shown.ToJsonString()}}}""");
    }

    [Fact]
    public async Task A_missing_password_is_refused()
    {
        var body = Registration();
        body.Remove("password");

        (await Register(body)).ShouldBe422($$"""{"type":"missing","loc":["body","password"],"msg":"Field required","input":{{body.ToJsonString()}}}""");
    }

    [Fact]
    public async Task All_wrong_fields_are_listed_at_once()
    {
        var body = Registration();
        (body["age"], body["gender"]) = (-1, "male");

        var answer = await Register(body);

        answer.Must(422);
        answer["detail"].EnumerateArray().Select(e => e.GetProperty("loc")[1].GetString()).ShouldBe(["age", "gender"]);
    }

    [Fact]
    public async Task A_role_that_is_none_is_refused()
    {
        var jo = await shop.NewCustomer();
        const string Roles = "'customer', 'moderator' or 'admin'";

        (await shop.Admin.Put("customers", $"/api/v1/customer/update/{jo.Username}", """{"role":"king"}"""))
            .ShouldBe422($$$"""{"type":"literal_error","loc":["body","role"],"msg":"Input should be {{{Roles}}}","input":"king","ctx":{"expected":"{{{Roles}}}"}}""");
    }

    [Fact]
    public async Task A_name_in_the_path_that_is_too_long_is_refused()
    {
        var name = new string('x', 101);

        (await shop.Admin.Reads($"/api/v1/customer/get/{name}"))
            .ShouldBe422($$$"""{"type":"string_too_long","loc":["path","customer_id"],"msg":"String should have at most 100 characters","input":"{{{name}}}","ctx":{"max_length":100}}""");
    }

    private JsonObject Registration() => System.Text.Json.JsonSerializer.SerializeToNode(TestShop.Registration(shop.NewName()))!.AsObject();

    private Task<Answer> Register(JsonObject body) => shop.Visitor.Post("customers", "/api/v1/customer/auth/register", body.ToJsonString());
}
