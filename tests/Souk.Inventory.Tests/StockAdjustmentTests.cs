using Souk.Testing;

namespace Souk.Inventory.Tests;

public class StockAdjustmentTests(TestShop shop)
{
    [Theory]
    [InlineData("received", 50, 60)]
    [InlineData("returned", 1, 11)]
    [InlineData("damaged", -10, 0)]
    [InlineData("lost", -3, 7)]
    [InlineData("counted", 4, 14)]
    [InlineData("correction", -1, 9)]
    [InlineData("initial", 2, 12)]
    public async Task Stock_is_adjusted_with_a_reason_that_is_kept(string reason, long delta, long after)
    {
        var product = await shop.NewProduct(stock: 10);

        var made = await shop.Admin.Post("inventory", Requests.Adjustments(product), new { delta, reason, note = "Delivery 4711" });

        made.Must(201);
        made.Json.EnumerateObject().Select(f => f.Name).ShouldBe(["id", "product_id", "delta", "reason", "note", "by", "available_after", "at"]);
        (made["product_id"].GetInt64(), made["delta"].GetInt64(), made.Of("reason"), made.Of("note")).ShouldBe((product, delta, reason, "Delivery 4711"));
        (made["by"].GetGuid(), made["available_after"].GetInt64()).ShouldBe((shop.Admin.Id, after));
        made.Headers.Location!.ToString().ShouldBe($"{Requests.Adjustments(product)}/{made.Of("id")}");
        (await shop.Stock(product)).ShouldBe(after);
        (await shop.Admin.Get("inventory", Requests.Adjustments(product)))["items.0"].GetRawText().ShouldBe(made.Text);
    }

    [Fact]
    public async Task A_note_may_be_left_out()
    {
        var made = await shop.Admin.Adjusts(await shop.NewProduct(), 1);
        (made.Code, made["note"].ValueKind).ShouldBe((201, System.Text.Json.JsonValueKind.Null));
    }

    [Fact]
    public async Task Stock_never_goes_below_zero_or_above_its_limit()
    {
        var product = await shop.NewProduct(stock: 3);

        (await shop.Admin.Adjusts(product, -4)).Refuses(409, "stock_below_zero");
        (await shop.Admin.Adjusts(product, 999_999_998)).Refuses(409, "stock_too_large");
        (await shop.Stock(product)).ShouldBe(3);
        (await shop.Admin.Adjusts(product, 999_999_997)).Must(201);
        (await shop.Admin.Adjusts(product, -1_000_000_000)).Must(201);
        (await shop.Stock(product)).ShouldBe(0);
        (await shop.Admin.Get("inventory", Requests.Adjustments(product)))["items"].GetArrayLength().ShouldBe(3, "a refused adjustment leaves no trace");
    }

    [Theory]
    [InlineData("""{"reason": "lost"}""", "delta", "missing")]
    [InlineData("""{"delta": 1}""", "reason", "missing")]
    [InlineData("""{"delta": 0, "reason": "counted"}""", "delta", "not_zero")]
    [InlineData("""{"delta": 1.5, "reason": "lost"}""", "delta", "int_from_float")]
    [InlineData("""{"delta": "1", "reason": "lost"}""", "delta", "int_type")]
    [InlineData("""{"delta": 1000000001, "reason": "lost"}""", "delta", "less_than_equal")]
    [InlineData("""{"delta": -1000000001, "reason": "lost"}""", "delta", "greater_than_equal")]
    [InlineData("""{"delta": 1, "reason": "stolen"}""", "reason", "literal_error")]
    [InlineData("""{"delta": 1, "reason": "lost", "note": ""}""", "note", "string_too_short")]
    [InlineData("""{"delta": 1, "reason": "lost", "note": "a\nb"}""", "note", "string_control_character")]
    [InlineData("""{"delta": 1, "reason": "lost", "by": "me"}""", "by", "extra_forbidden")]
    [InlineData("""{"delta": 1, "reason": "lost", "available_after": 5}""", "available_after", "extra_forbidden")]
    public async Task Each_field_has_its_rules(string body, string field, string rule)
    {
        var product = await shop.NewProduct(stock: 5);
        (await shop.Admin.Post("inventory", Requests.Adjustments(product), body)).RefusesField("body", field, rule);
        (await shop.Stock(product)).ShouldBe(5);
    }

    [Fact]
    public async Task A_note_has_at_most_255_characters()
    {
        var product = await shop.NewProduct();
        (await shop.Admin.Post("inventory", Requests.Adjustments(product), new { delta = 1, reason = "lost", note = new string('n', 255) })).Must(201);
        (await shop.Admin.Post("inventory", Requests.Adjustments(product), new { delta = 1, reason = "lost", note = new string('n', 256) })).RefusesField("body", "note", "string_too_long");
    }

    [Fact]
    public async Task A_repeated_key_adjusts_once()
    {
        var (product, other) = (await shop.NewProduct(stock: 10), await shop.NewProduct(stock: 10));
        var key = shop.NewName("adjust");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shop.Admin.Adjusts(product, -2, key: key)));

        answers.ShouldAllBe(a => a.Code == 201);
        answers.Select(a => a.Text).Distinct().Count().ShouldBe(1);
        (await shop.Stock(product)).ShouldBe(8);
        (await shop.Admin.Adjusts(product, -3, key: key)).Refuses(422, "idempotency_key_reused");
        (await shop.Admin.Adjusts(other, -2, key: key)).Refuses(422, "idempotency_key_reused");
        ((await shop.Stock(product)), await shop.Stock(other)).ShouldBe((8, 10));
    }

    [Fact]
    public async Task They_are_listed_newest_first_and_page_to_the_end_while_more_are_made()
    {
        var product = await shop.NewProduct(stock: 10);
        for (var i = 1; i <= 6; i++)
        {
            await shop.Admin.Adjusts(product, i);
        }

        var seen = await shop.Admin.Walk("inventory", $"{Requests.Adjustments(product)}?limit=2", a => a.GetProperty("delta").GetInt64(), between: () => shop.Admin.Adjusts(product, 100));

        seen.ShouldBe([6, 5, 4, 3, 2, 1, 10]);
    }

    [Fact]
    public async Task Sales_are_not_among_them_and_a_cancelled_one_gives_its_stock_back()
    {
        var product = await shop.NewProduct(price: 1, stock: 10);
        var buyer = await shop.NewCustomer(money: 10);
        var order = await buyer.Buys(product, 4);
        (await shop.Stock(product)).ShouldBe(6);

        (await buyer.Post("sales", $"/api/v2/orders/{order.Of("id")}/cancellation")).Must(200);

        (await shop.Stock(product)).ShouldBe(10);
        (await shop.Admin.Get("inventory", Requests.Adjustments(product)))["items"].GetArrayLength().ShouldBe(1);
    }
}
