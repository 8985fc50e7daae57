using Souk.Testing;

namespace Souk.Tests.Hostile;

/// <summary>Numbers that are none, or none of those that money and counts are made of, wherever an operation takes one.</summary>
public class AmountTests(TestShop shop)
{
    /// <summary>What no operation takes for an amount of the second contract: a decimal number in a string.</summary>
    private static readonly string[] NoAmounts =
    [
        "\"-1.00\"", "\"-0.01\"", "\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "\"1e3\"", "\"1e400\"", "\"1e-400\"", "\"0.001\"", "\"1.999\"", "\"1.00000000000000000000000000000000001\"",
        "\"10000000000.01\"", "\"92233720368547758.08\"", "\"99999999999999999999999999999999\"", "\"0x10\"", "\"1_000\"", "\"\"", "\" 1\"", "\"\u0661\"", "5.00", "NaN", "null", "true", "{}",
    ];

    /// <summary>The same for one of the first contract: a number.</summary>
    private static readonly string[] NoNumbers =
    [
        "-1", "-0.01", "NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1e-400", "0.001", "1.999", "1.00000000000000000000000000000000001", "10000000000.01", "92233720368547758.08",
        "99999999999999999999999999999999", "\"NaN\"", "\"Infinity\"", "\"1e400\"", "\"1e-400\"", "\"0.001\"", "\"-1\"", "\"\"", "{}", "[]",
    ];

    /// <summary>What is no count, on either contract.</summary>
    private static readonly string[] NoCounts =
    [
        "1.5", "-1.5", "NaN", "Infinity", "1e400", "-1e400", "1e-400", "-1e-400", "1.00000000000000000000000000000000001", "2147483648000000", "9223372036854775808", "-9223372036854775809",
        "99999999999999999999999999999999", "\"NaN\"", "\"1e400\"", "\"1.5\"", "\"0x10\"", "{}", "[]",
    ];

    [Fact]
    public async Task Security21_negative_overflowing_endless_and_over_precise_amounts_are_refused_everywhere()
    {
        var tried = 0;
        foreach (var operation in await DocumentedOperation.All(shop))
        {
            var places = operation.Places().Where(p => Hostile(p).Length > 0).ToArray();
            if (places.Length == 0)
            {
                continue;
            }

            var stage = await Stage.Set(shop);
            var before = await stage.Picture();
            foreach (var place in places)
            {
                foreach (var written in Hostile(place).Select(w => place.In == "body" ? w : w.Trim('"')))
                {
                    var answer = await operation.Call(stage, place, written);
                    tried++;
                    answer.Code.ShouldBeOneOf([400, 422], $"{operation} with {place.Way} = {written}: {answer.Text}");
                }
            }

            (await stage.Picture()).ShouldBe(before, $"{operation}");
        }

        tried.ShouldBeGreaterThan(400);
    }

    [Theory]
    [InlineData("customers", "/api/v2/customers/{0}/wallet/top-ups", "POST", """{"amount":{"amount":"0.00","currency":"USD"}}""")]
    [InlineData("customers", "/api/v2/customers/{0}/wallet/top-ups", "POST", """{"amount":{"amount":"-0","currency":"USD"}}""")]
    [InlineData("customers", "/api/v2/customers/{0}/wallet/withdrawals", "POST", """{"amount":{"amount":"0.00","currency":"USD"}}""")]
    [InlineData("sales", "/api/v2/orders", "POST", """{"lines":[{"product_id":{1},"quantity":0}]}""")]
    [InlineData("sales", "/api/v2/orders", "POST", """{"lines":[{"product_id":{1},"quantity":-1}]}""")]
    [InlineData("sales", "/api/v2/carts/{0}/lines/{1}", "PUT", """{"quantity":0}""")]
    [InlineData("inventory", "/api/v2/products/{1}/stock-adjustments", "POST", """{"delta":0,"reason":"counted"}""")]
    [InlineData("inventory", "/api/v2/products/{1}", "PATCH", """{"price":{"amount":"0.00","currency":"USD"}}""")]
    [InlineData("inventory", "/api/v1/inventory/update/{1}", "PUT", """{"price":0}""")]
    [InlineData("inventory", "/api/v1/inventory/update/{1}", "PUT", """{"price":-0.0}""")]
    [InlineData("inventory", "/api/v1/inventory/update/{1}", "PUT", """{"count":-1}""")]
    public async Task Security21_nothing_is_no_amount_where_money_or_goods_move(string service, string path, string method, string body)
    {
        var stage = await Stage.Set(shop);
        var before = await stage.Picture();

        var answer = await (service == "inventory" ? shop.Admin : stage.Owner).Send(new HttpMethod(method), service, Filled(path), Filled(body), ifMatch: method == "PATCH" ? "*" : null);

        answer.Code.ShouldBe(422, answer.Text);
        (await stage.Picture()).ShouldBe(before);

        string Filled(string text) => text.Replace("{0}", stage.Owner.Username, StringComparison.Ordinal).Replace("{1}", $"{stage.Product}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Security21_a_first_contract_charge_of_zero_is_allowed_by_that_contract_and_moves_nothing()
    {
        var stage = await Stage.Set(shop);

        (await stage.Owner.Put("customers", $"/api/v1/customer/wallet/{stage.Owner.Username}/charge", new { amount = 0 })).Must(200);

        (await stage.Owner.Balance()).ShouldBe(990m);
    }

    [Fact]
    public async Task Security21_what_a_wallet_can_not_hold_and_what_an_order_can_not_cost_is_refused()
    {
        var (jo, dear) = (await shop.NewCustomer(), await shop.NewProduct(price: 1_000_000, stock: 1_000_000));
        (await jo.TopsUp(10_000_000_000m)).Must(201);
        (await jo.TopsUp(0.01m)).Refuses(409, "wallet_full");
        (await jo.Put("customers", $"/api/v1/customer/wallet/{jo.Username}/charge", new { amount = 0.01m })).Must(400);
        (await jo.Balance()).ShouldBe(10_000_000_000m);

        // The dearest order there is: 100 lines of 1,000 units at a million each.
        var lines = Enumerable.Repeat(new { product_id = dear, quantity = 1000 }, 100);
        var ordered = await (await shop.NewCustomer(money: 1)).Post("sales", "/api/v2/orders", new { lines });
        ordered.Refuses(409, "insufficient_funds");
        await TestShop.Eventually(async () => await shop.Stock(dear) == 1_000_000, "the stock comes back");
    }

    private static string[] Hostile(Place place) =>
        place.Name.EndsWith("id", StringComparison.Ordinal) ? [] // A number that names something, and is found or is not.
        : place.Name is "amount" && place.Is("string") ? NoAmounts
        : place.Is("number") || place.Name is "min_price" or "max_price" ? NoNumbers
        : place.Is("integer") ? NoCounts
        : [];
}
