using System.Text.Json.Nodes;
using Souk.Testing;

namespace Souk.Tests;

/// <summary>Every answer of every test is compared with its schema (in <see cref="AnswerSchemas"/>); these tests see that it would be noticed.</summary>
public class AnswerSchemaTests(TestShop shop)
{
    [Theory]
    [InlineData("customers", "/api/v2/customers/{jo}")]
    [InlineData("customers", "/api/v2/customers/{jo}/wallet")]
    [InlineData("customers", "/api/v1/customer/get/{jo}")]
    [InlineData("inventory", "/api/v2/products/{product}")]
    [InlineData("inventory", "/api/v1/inventory/{product}")]
    [InlineData("sales", "/api/v2/orders")]
    [InlineData("sales", "/api/v1/sales/goods")]
    [InlineData("reviews", "/api/v2/reviews")]
    public async Task Security4_an_answer_with_a_field_more_or_a_field_less_than_its_schema_is_noticed(string service, string template)
    {
        var (jo, product) = (await shop.NewCustomer(money: 100), await shop.NewProduct());
        await jo.Buys(product);
        var path = template.Replace("{jo}", jo.Username, StringComparison.Ordinal).Replace("{product}", $"{product}", StringComparison.Ordinal);
        var answer = await jo.Get(service, path);
        var document = (await ApiDocument.Read(shop.Http(service)))!;
        var operation = document.Find(HttpMethod.Get, path)!;

        document.Difference(operation, answer.Code, answer.ContentType, answer.Text).ShouldBeNull();
        foreach (var wrong in Wrong(answer.Text))
        {
            document.Difference(operation, answer.Code, answer.ContentType, wrong).ShouldNotBeNull(wrong);
        }
    }

    [Fact]
    public async Task Security4_a_refusal_with_a_field_more_is_noticed()
    {
        var answer = await shop.Visitor.Get("customers", "/api/v2/customers/nobody");
        var document = (await ApiDocument.Read(shop.Http("customers")))!;

        foreach (var wrong in Wrong(answer.Text))
        {
            document.Difference("get_v2_customers_by_username", answer.Code, answer.ContentType, wrong).ShouldNotBeNull(wrong);
            document.Difference("get_v2_customers_by_username", 418, answer.ContentType, wrong).ShouldNotBeNull(wrong);
        }
    }

    /// <summary>The same answer with another field, with one taken away, and with another field in the first object inside.</summary>
    private static IEnumerable<string> Wrong(string text)
    {
        var more = JsonNode.Parse(text)!;
        First(more)["password_hash"] = "secret";
        yield return more.ToJsonString();

        var less = JsonNode.Parse(text)!;
        First(less).Remove(First(less).First().Key);
        yield return less.ToJsonString();

        var inside = JsonNode.Parse(text)!;
        if (First(inside).Select(f => f.Value as JsonObject ?? (f.Value as JsonArray)?.OfType<JsonObject>().FirstOrDefault()).FirstOrDefault(o => o is not null) is { } inner)
        {
            inner["password_hash"] = "secret";
            yield return inside.ToJsonString();
        }
    }

    private static JsonObject First(JsonNode answer) => answer as JsonObject ?? answer.AsArray()[0]!.AsObject();
}
