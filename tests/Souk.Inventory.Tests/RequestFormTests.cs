using System.Text;
using Souk.Testing;

namespace Souk.Inventory.Tests;

public class RequestFormTests(TestShop shop)
{
    public static TheoryData<string, string, string, int, string> WrongBodiesEverywhere()
    {
        var all = new TheoryData<string, string, string, int, string>();
        foreach (var (method, path) in new[] { ("POST", Requests.Products), ("PATCH", "/api/v2/products/1"), ("POST", "/api/v2/products/1/stock-adjustments") })
        {
            foreach (var (what, code, problem) in WrongBodies.All)
            {
                all.Add(method, path, what, code, problem);
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(WrongBodiesEverywhere))]
    public async Task A_body_that_no_operation_takes_is_refused(string method, string path, string what, int code, string problem) =>
        (await shop.Admin.Send(new HttpMethod(method), "inventory", path, WrongBodies.Of(what), ifMatch: "*")).Refuses(code, problem);

    [Theory]
    [InlineData("breaks off", 422)]
    [InlineData("plain text", 415)]
    [InlineData("over 64 KB", 413)]
    public async Task The_first_contract_refuses_them_in_its_own_form(string what, int code)
    {
        foreach (var (method, path) in new[] { (HttpMethod.Post, "/api/v1/inventory/add"), (HttpMethod.Put, "/api/v1/inventory/update/1") })
        {
            var refused = await shop.Admin.Send(method, "inventory", path, WrongBodies.Of(what));
            (refused.Code, refused.ContentType).ShouldBe((code, "application/json"));
            refused.Json.EnumerateObject().Select(f => f.Name).ShouldBe(["detail"]);
        }
    }

    [Theory]
    [InlineData("/api/v2/products?sort=best", "sort", "literal_error")]
    [InlineData("/api/v2/products?category=toys", "category", "literal_error")]
    [InlineData("/api/v2/products?min_price=-1", "min_price", "greater_than_equal")]
    [InlineData("/api/v2/products?max_price=1000001", "max_price", "less_than_equal")]
    [InlineData("/api/v2/products?max_price=1.999", "max_price", "decimal_max_places")]
    [InlineData("/api/v2/products?min_price=cheap", "min_price", "float_parsing")]
    [InlineData("/api/v2/products?available=maybe", "available", "bool_parsing")]
    [InlineData("/api/v2/products?q=", "q", "string_too_short")]
    [InlineData("/api/v2/products?q=a%00b", "q", "string_control_character")]
    [InlineData("/api/v2/products?limit=0", "limit", "greater_than_equal")]
    [InlineData("/api/v2/products?limit=101", "limit", "less_than_equal")]
    [InlineData("/api/v2/products?limit=ten", "limit", "int_parsing")]
    [InlineData("/api/v2/products?colour=red", "colour", "extra_forbidden")]
    [InlineData("/api/v2/products?after=", "after", "string_too_short")]
    [InlineData("/api/v2/products/1?fields=name", "fields", "extra_forbidden")]
    [InlineData("/api/v2/products/1/stock-adjustments?limit=101", "limit", "less_than_equal")]
    [InlineData("/api/v2/products/1/stock-adjustments?reason=lost", "reason", "extra_forbidden")]
    public async Task A_wrong_or_unknown_query_parameter_is_refused(string path, string field, string rule) =>
        (await shop.Admin.Get("inventory", path)).RefusesField("query", field, rule);

    [Theory]
    [InlineData("abc", "int_parsing")]
    [InlineData("1.5", "int_parsing")]
    [InlineData("99999999999999999999", "int_parsing")]
    public async Task A_product_goes_by_its_number(string id, string rule) =>
        (await shop.Admin.Get("inventory", $"/api/v2/products/{id}")).RefusesField("path", "id", rule);

    [Theory]
    [InlineData("not base64!")]
    [InlineData("AAAA")]
    [InlineData("{}x")]
    [InlineData("json:null")]
    [InlineData("json:5")]
    [InlineData("json:{\"Id\":\"five\"}")]
    [InlineData("json:{\"Id\":1e30}")]
    [InlineData("json:{\"Id\":1,\"Name\":\"\\ud800\",\"Price\":1}")]
    public async Task A_cursor_that_the_list_never_gave_is_refused(string cursor)
    {
        var after = Uri.EscapeDataString(cursor.StartsWith("json:", StringComparison.Ordinal)
            ? System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(cursor[5..]))
            : cursor);
        (await shop.Visitor.Looks($"sort=name&after={after}")).RefusesField("query", "after", "cursor");
    }

    [Fact]
    public async Task So_it_is_of_the_adjustments() =>
        (await shop.Admin.Get("inventory", "/api/v2/products/1/stock-adjustments?after=AAAA")).RefusesField("query", "after", "cursor");

    [Fact]
    public async Task Each_missing_product_is_the_same_404()
    {
        var paths = new[] { (HttpMethod.Get, ""), (HttpMethod.Patch, ""), (HttpMethod.Delete, ""), (HttpMethod.Get, "/stock-adjustments"), (HttpMethod.Post, "/stock-adjustments") };
        foreach (var (method, rest) in paths)
        {
            var body = method == HttpMethod.Patch ? (object)new { name = "x" } : method == HttpMethod.Post ? new { delta = 1, reason = "lost" } : null;
            var missing = await shop.Admin.Send(method, "inventory", $"/api/v2/products/987654321{rest}", body, ifMatch: "*");
            missing.Refuses(404, "product_not_found");
            missing.Of("detail").ShouldBe("There is no product 987654321.");
        }
    }
}
