using System.Text.Json;
using Souk.Testing;

namespace Souk.Tests.Hostile;

/// <summary>Markup in texts that customers and admins write: kept as the plain text that it is, and shown as data only.</summary>
public class MarkupTests(TestShop shop)
{
    /// <summary>Ways to make a browser run something, by the place that they hope to land in.</summary>
    public static TheoryData<string> Corpus { get; } =
    [
        "<script>alert(1)</script>",
        "</script><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "'><svg/onload=alert(1)>",
        "<iframe srcdoc=\"&lt;script&gt;alert(1)&lt;/script&gt;\">",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<details open ontoggle=alert(1)>",
        "<style>*{background:url(//evil.example)}</style>",
        "<!--><script>alert(1)//-->",
        "<math><mtext></p><img src onerror=alert(1)>",
        "{{constructor.constructor('alert(1)')()}}",
        "${alert(1)} #{alert(1)} <%= alert(1) %>",
        "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
        "\u2028alert(1)\u2029",
        "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
        "&lt;script&gt;alert(1)&lt;/script&gt; &#60;b&#62;",
    ];

    [Theory]
    [MemberData(nameof(Corpus))]
    public async Task Security23_markup_stays_text_wherever_it_is_shown(string markup)
    {
        var stage = await Stage.Set(shop);
        var shown = new HashSet<string>();
        await Write(stage, markup);

        // A product that is bought now has the markup in its name on the order, too.
        (await stage.Owner.Buys(stage.Product)).Must(201);
        foreach (var operation in (await DocumentedOperation.All(shop)).Where(o => o.Method == HttpMethod.Get))
        {
            var answer = await operation.Call(stage, operation.Service == "sales" ? stage.CallerOf(operation) : shop.Admin);

            BrowserTests.IsData(answer, $"{operation}");
            if (answer is { Code: 200, ContentType: "application/json" } && Texts(answer.Json).Contains(markup))
            {
                shown.Add(operation.Id);
            }
        }

        ShownBy.ShouldBeSubsetOf(shown);
        foreach (var service in Shop.Services.Select(s => s.Name))
        {
            (await shop.Visitor.Get(service, "/docs/index.html")).Text.ShouldNotContain(markup);
        }
    }

    [Fact]
    public async Task Security23_texts_are_composed_and_hold_no_control_characters()
    {
        var tried = 0;
        foreach (var operation in await DocumentedOperation.All(shop))
        {
            var places = operation.Places().Where(p => p.In is "body" or "query" && p.IsFreeText && p.Name is not "after").ToArray();
            var stage = places.Length == 0 ? null : await Stage.Set(shop);
            foreach (var place in places)
            {
                foreach (var control in new[] { "a\0b", "a\u0007b", "a\u001b[2Jb", "a\u007fb", "a\u0085b", "a\u009bb" })
                {
                    var answer = await operation.Call(stage!, place, place.In == "body" ? JsonSerializer.Serialize(control) : control);
                    answer.Code.ShouldBe(422, $"{operation} {place.Way}: {answer.Text}");
                    answer.Text.ShouldContain("string_control_character", Case.Sensitive, $"{operation} {place.Way}");
                    tried++;
                }
            }
        }

        tried.ShouldBeGreaterThan(60);
        var composed = await Stage.Set(shop);
        await Write(composed, "Cafe\u0301");
        (await shop.Visitor.Get("inventory", $"/api/v2/products/{composed.Product}")).Of("name").ShouldBe("Caf\u00e9");
        (await shop.Visitor.Get("inventory", $"/api/v1/inventory/{composed.Product}")).Of("name").ShouldBe("Caf\u00e9");
        (await composed.Owner.Get("customers", $"/api/v2/customers/{composed.Owner.Username}")).Of("address").ShouldBe("Caf\u00e9");
        (await composed.Owner.Get("reviews", $"/api/v2/reviews/{composed.Review}")).Of("comment").ShouldBe("Caf\u00e9");
    }

    /// <summary>The operations that are known to show texts of people; they did show the one that was written.</summary>
    private static readonly string[] ShownBy =
    [
        "get_v2_customers_by_username", "get_v1_customer_get_by_customer_id", "get_v1_customer_get",
        "get_v2_products_by_id", "get_v1_inventory_by_good_id", "get_v2_products_by_id_stock_adjustments", "get_v1_sales_goods", "get_v1_sales_goods_by_good_id",
        "get_v2_orders", "get_v2_carts_by_username",
        "get_v2_reviews_by_id", "get_v2_reviews_by_id_reports", "get_v1_reviews_item_by_item_id", "get_v1_reviews_customer_by_customer_id", "get_v1_reviews_details",
    ];

    /// <summary>Writes a text wherever somebody can write one, by both contracts.</summary>
    private async Task Write(Stage stage, string text)
    {
        var (owner, admin) = (stage.Owner, shop.Admin);
        (await owner.Patch("customers", $"/api/v2/customers/{owner.Username}", new { name = text })).Must(200);
        (await owner.Put("customers", $"/api/v1/customer/update/{owner.Username}", new { address = text })).Must(200);
        (await admin.Patch("inventory", $"/api/v2/products/{stage.Product}", new { name = text })).Must(200);
        (await admin.Put("inventory", $"/api/v1/inventory/update/{stage.Product}", new { description = text })).Must(200);
        (await admin.Post("inventory", $"/api/v2/products/{stage.Product}/stock-adjustments", new { delta = 1, reason = "counted", note = text })).Must(201);
        (await owner.Put("reviews", "/api/v1/reviews/update", new { customer_id = owner.Username, item_id = stage.Product, comment = "first" })).Must(200);
        (await owner.Patch("reviews", $"/api/v2/reviews/{stage.Review}", new { comment = text })).Must(200);
        (await admin.Put("reviews", $"/api/v2/reviews/{stage.Review}/moderation", new { status = "approved", note = text })).Must(200);
        (await (await shop.NewCustomer()).Post("reviews", $"/api/v2/reviews/{stage.Review}/reports", new { reason = "other", note = text })).Must(201);
        await TestShop.Eventually(async () => (await owner.Get("sales", $"/api/v2/carts/{owner.Username}")).Of("lines.0.product_name") == text.Normalize(), "the new name in the cart");
    }

    private static IEnumerable<string> Texts(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => [json.GetString()!],
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object => json.EnumerateObject().SelectMany(f => Texts(f.Value)),
        _ => [],
    };
}
