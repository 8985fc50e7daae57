using Souk.Testing;

namespace Souk.Inventory.Tests;

public class ProductFieldTests(TestShop shop)
{
    /// <summary>Field, value as JSON, the field that is named and the rule that is broken.</summary>
    public static TheoryData<string, string, string, string> Wrong { get; } = new()
    {
        { "sku", "\"\"", "sku", "string_too_short" },
        { "sku", Text(41), "sku", "string_too_long" },
        { "sku", "\"has space\"", "sku", "string_pattern_mismatch" },
        { "sku", "7", "sku", "string_type" },
        { "name", "\"\"", "name", "string_too_short" },
        { "name", Text(101), "name", "string_too_long" },
        { "name", "5", "name", "string_type" },
        { "name", "null", "name", "string_type" },
        { "name", "\"two\\nlines\"", "name", "string_control_character" },
        { "name", "\"nul\\u0000\"", "name", "string_control_character" },
        { "name", "\"half \\ud83d\"", "name", "string_unicode" },
        { "category", "\"toys\"", "category", "literal_error" },
        { "category", "\"Clothes\"", "category", "literal_error" },
        { "category", "1", "category", "literal_error" },
        { "description", Text(256), "description", "string_too_long" },
        { "description", "\"bell\\u0007\"", "description", "string_control_character" },
        { "price", "19.99", "price", "money_type" },
        { "price", Amount("0.00"), "price.amount", "greater_than" },
        { "price", Amount("-1.00"), "price.amount", "greater_than" },
        { "price", Amount("1000000.01"), "price.amount", "less_than_equal" },
        { "price", Amount("1.999"), "price.amount", "decimal_max_places" },
        { "price", Amount("1e3"), "price.amount", "decimal_parsing" },
        { "price", Amount("NaN"), "price.amount", "decimal_parsing" },
        { "price", Amount("1,000"), "price.amount", "decimal_parsing" },
        { "price", """{"amount": 5, "currency": "USD"}""", "price.amount", "decimal_parsing" },
        { "price", """{"amount": "5.00", "currency": "EUR"}""", "price.currency", "literal_error" },
        { "price", """{"amount": "5.00"}""", "price.currency", "missing" },
        { "price", """{"currency": "USD"}""", "price.amount", "missing" },
        { "price", """{"amount": "5.00", "currency": "USD", "vat": 1}""", "price.vat", "extra_forbidden" },
    };

    public static TheoryData<string, string> WrongStock { get; } = new()
    {
        { "-1", "greater_than_equal" },
        { "1000000001", "less_than_equal" },
        { "1.5", "int_from_float" },
        { "\"5\"", "int_type" },
        { "true", "int_type" },
        { "1e400", "int_from_float" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_new_product_is_refused_by_the_rule_of_its_field(string field, string json, string named, string rule) =>
        (await shop.Admin.Adds(Raw(field, json))).RefusesField("body", named, rule);

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_change_is_refused_by_the_same_rules(string field, string json, string named, string rule)
    {
        var product = await shop.NewProduct();
        (await shop.Admin.Patch("inventory", Requests.Product(product), $$"""{"{{field}}": {{json}}}""")).RefusesField("body", named, rule);
    }

    [Theory]
    [MemberData(nameof(WrongStock))]
    public async Task The_first_stock_is_a_whole_number_within_bounds(string json, string rule) =>
        (await shop.Admin.Adds(Raw("stock", json))).RefusesField("body", "stock", rule);

    [Theory]
    [InlineData("name")]
    [InlineData("category")]
    [InlineData("price")]
    [InlineData("description")]
    [InlineData("stock")]
    public async Task What_is_required_is_missed(string field) =>
        (await shop.Admin.Adds(Requests.NewProduct("Lacks").Without(field))).RefusesField("body", field, "missing");

    [Theory]
    [InlineData("id")]
    [InlineData("available")]
    [InlineData("version")]
    [InlineData("deleted_at")]
    public async Task Nobody_sets_what_the_shop_keeps(string field)
    {
        (await shop.Admin.Adds(Requests.NewProduct("Keeps").With(field, 5))).RefusesField("body", field, "extra_forbidden");
        var product = await shop.NewProduct();
        (await shop.Admin.Patch("inventory", Requests.Product(product), $$"""{"{{field}}": 5}""")).RefusesField("body", field, "extra_forbidden");
    }

    [Fact]
    public async Task All_wrong_fields_are_named_at_once()
    {
        var refused = await shop.Admin.Adds(Requests.NewProduct("").With("stock", -1).Without("category"));

        refused.Refuses(422, "validation_failed");
        refused["errors"].EnumerateArray().Select(e => e.GetProperty("field").GetString()).ShouldBe(["name", "category", "stock"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_bounds_themselves_are_allowed()
    {
        var most = await shop.Admin.Adds(new Dictionary<string, object?>
        {
            ["sku"] = new string('s', 40),
            ["name"] = new string('n', 100),
            ["category"] = "electronics",
            ["price"] = Person.Money(1_000_000m),
            ["description"] = new string('d', 255),
            ["stock"] = 1_000_000_000,
        });
        (most.Code, most.Of("price.amount"), most["available"].GetInt64()).ShouldBe((201, "1000000.00", 1_000_000_000));

        var least = await shop.Admin.Adds(Requests.NewProduct("n", sku: "-").With("price", Person.Money(0.01m)).With("description", "").With("stock", 0));
        (least.Code, least.Of("price.amount"), least.Of("description"), least["available"].GetInt64()).ShouldBe((201, "0.01", "", 0));
    }

    /// <summary>A product with one field as it stands, because a serializer would mend what is wrong with it.</summary>
    private static string Raw(string field, string json) =>
        System.Text.Json.JsonSerializer.Serialize(Requests.NewProduct("Wrong").With(field, "@@")).Replace("\"@@\"", json, StringComparison.Ordinal);

    private static string Text(int length) => $"\"{new string('x', length)}\"";

    private static string Amount(string amount) => $$"""{"amount": "{{amount}}", "currency": "USD"}""";
}
