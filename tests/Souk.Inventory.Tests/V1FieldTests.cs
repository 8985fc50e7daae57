using System.Text.Json;
using Souk.Testing;

namespace Souk.Inventory.Tests;

public class V1FieldTests(TestShop shop)
{
    /// <summary>Field, value as JSON, and the name that Pydantic gives the broken rule.</summary>
    public static TheoryData<string, string, string> Wrong { get; } = new()
    {
        { "name", "\"\"", "string_too_short" },
        { "name", $"\"{new string('x', 101)}\"", "string_too_long" },
        { "name", "5", "string_type" },
        { "category", "\"toys\"", "literal_error" },
        { "price", "0", "greater_than" },
        { "price", "-1.5", "greater_than" },
        { "price", "1000000.01", "less_than_equal" },
        { "price", "19.999", "decimal_max_places" },
        { "price", "\"dear\"", "float_parsing" },
        { "price", "1e400", "finite_number" },
        { "price", "{}", "float_type" },
        { "description", $"\"{new string('x', 256)}\"", "string_too_long" },
        { "count", "-1", "greater_than_equal" },
        { "count", "1.5", "int_from_float" },
        { "count", "\"many\"", "int_parsing" },
        { "count", "1000000001", "less_than_equal" },
        { "count", "[]", "int_type" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Each_field_of_a_good_has_its_rules(string field, string json, string type)
    {
        var value = JsonSerializer.Deserialize<JsonElement>(json);
        (await shop.Admin.Post("inventory", "/api/v1/inventory/add", Requests.NewGood("Wrong").With(field, value))).RefusesV1Field(type, "body", field);
        (await shop.Admin.Put("inventory", "/api/v1/inventory/update/1", new Dictionary<string, object?> { [field] = value })).RefusesV1Field(type, "body", field);
    }

    [Theory]
    [InlineData("name")]
    [InlineData("category")]
    [InlineData("price")]
    [InlineData("description")]
    [InlineData("count")]
    public async Task Each_field_must_be_there_when_a_good_is_added(string field) =>
        (await shop.Admin.Post("inventory", "/api/v1/inventory/add", Requests.NewGood("Lacks").Without(field))).RefusesV1Field("missing", "body", field);

    [Fact]
    public async Task The_words_are_those_of_Pydantic()
    {
        (await shop.Admin.Post("inventory", "/api/v1/inventory/add", Requests.NewGood("Toy").With("category", "toys"))).Says(422, """
            {"detail": [{"type": "literal_error", "loc": ["body", "category"], "msg": "Input should be 'food', 'clothes', 'accessories' or 'electronics'",
                         "input": "toys", "ctx": {"expected": "'food', 'clothes', 'accessories' or 'electronics'"}}]}
            """);
        (await shop.Visitor.Get("inventory", "/api/v1/inventory/first")).Says(422, """
            {"detail": [{"type": "int_parsing", "loc": ["path", "good_id"], "msg": "Input should be a valid integer, unable to parse string as an integer", "input": "first"}]}
            """);
        var long101 = new string('x', 101);
        (await shop.Admin.Put("inventory", "/api/v1/inventory/update/1", new { name = long101 })).Says(422, $$"""
            {"detail": [{"type": "string_too_long", "loc": ["body", "name"], "msg": "String should have at most 100 characters", "input": "{{long101}}", "ctx": {"max_length": 100 } }]}
            """);
    }

    [Fact]
    public async Task All_wrong_fields_are_named_at_once()
    {
        var refused = await shop.Admin.Post("inventory", "/api/v1/inventory/add", "{}");
        refused.Must(422);
        refused["detail"].EnumerateArray().Select(e => (e.GetProperty("type").GetString(), e.GetProperty("loc")[1].GetString()))
            .ShouldBe([("missing", "name"), ("missing", "category"), ("missing", "price"), ("missing", "description"), ("missing", "count")]);
    }

    [Fact]
    public async Task JSON_that_breaks_off_is_json_invalid()
    {
        var refused = await shop.Admin.Post("inventory", "/api/v1/inventory/add", """{"name": """);
        (refused.Code, refused.Of("detail.0.type"), refused.Of("detail.0.loc.0")).ShouldBe((422, "json_invalid", "body"));
    }
}
