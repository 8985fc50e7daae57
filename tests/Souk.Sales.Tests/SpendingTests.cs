using Souk.Testing;

namespace Souk.Sales.Tests;

/// <summary>Spending much asks for the second factor. The clock is moved, so each test has a shop of its own.</summary>
public sealed class SpendingTests : IAsyncLifetime
{
    private readonly TestShop _shop = new TestShop().With("Souk:StepUpAbove", "100");

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData("/api/v2/orders", """{"lines":[{"product_id":1,"quantity":2}]}""")]
    [InlineData("/api/v2/orders", """{"lines":[{"product_id":1,"quantity":1},{"product_id":1,"quantity":1}]}""")]
    [InlineData("/api/v2/orders", """{"lines":[{"product_id":1,"quantity":2}],"expected_total":{"amount":"100.02","currency":"USD"}}""")]
    [InlineData("/api/v2/carts/{0}/checkout", "{}")]
    public async Task Security17_a_large_order_waits_for_the_factor_and_the_same_request_goes_through_then(string path, string body)
    {
        var product = await _shop.NewProduct(price: 50.01m, stock: 10);
        product.ShouldBe(1, "the first one of this shop");
        var (jo, phone) = await Buyer();
        await jo.Put("sales", $"/api/v2/carts/{jo.Username}/lines/{product}", new { quantity = 2 });

        var refused = await Buy(jo);
        refused.Refuses(403, "step_up_required");
        (await _shop.Stock(product)).ShouldBe(10, "nothing is held meanwhile");

        var shown = await jo.Follows(_shop, refused, phone.Code());
        (await Buy(shown)).Code.ShouldBe(201, "the key is not spent");
        (await _shop.Stock(product)).ShouldBe(8);
        (await jo.Balance()).ShouldBe(899.98m);

        Task<Answer> Buy(Person who) => who.Post("sales", path.Replace("{0}", jo.Username, StringComparison.Ordinal), body, key: "one-order");
    }

    [Fact]
    public async Task Security17_small_orders_are_free()
    {
        var product = await _shop.NewProduct(price: 50, stock: 10);
        var (jo, _) = await Buyer();

        (await jo.Buys(product, 2)).Must(201);
        (await jo.Buys(product, 3)).Refuses(403, "step_up_required");
        (await jo.Buys(product + 1)).Refuses(404, "product_not_found");
    }

    [Fact]
    public async Task Security17_the_factor_counts_for_five_minutes()
    {
        var product = await _shop.NewProduct(price: 101, stock: 10);
        var (jo, phone) = await Buyer();
        var shown = await jo.Follows(_shop, await jo.Buys(product), phone.Code());

        (await shown.Buys(product)).Must(201);
        _shop.Clock.Advance(TimeSpan.FromSeconds(301));
        (await shown.Buys(product)).Refuses(403, "step_up_required");
    }

    [Theory]
    [InlineData("/api/v2/orders", """{"lines":[{"product_id":1,"quantity":1}]}""", 201)]
    [InlineData("/api/v2/carts/{0}/checkout", """{"expected_total":{"amount":"101.00","currency":"USD"}}""", 201)]
    [InlineData("/api/v1/sales/purchase/{0}/1", null, 200)]
    public async Task Security17_an_order_that_was_placed_is_told_without_the_factor(string path, string? body, int done)
    {
        var product = await _shop.NewProduct(price: 101, stock: 10);
        product.ShouldBe(1, "the first one of this shop");
        var (jo, phone) = await Buyer();
        await jo.Put("sales", $"/api/v2/carts/{jo.Username}/lines/{product}", new { quantity = 1 });
        var shown = await jo.Follows(_shop, await jo.Buys(product), phone.Code());
        var placed = await Send("one-order");
        placed.Must(done);

        _shop.Clock.Advance(TimeSpan.FromSeconds(301));

        var again = await Send("one-order");
        (again.Code, again.Text).ShouldBe((done, placed.Text), "the answer that got lost");
        (await shown.Buys(product)).Refuses(403, "step_up_required");
        (await _shop.Stock(product), await jo.Balance()).ShouldBe((9, 899m));

        Task<Answer> Send(string key) => shown.Post("sales", path.Replace("{0}", jo.Username, StringComparison.Ordinal), body, key);
    }

    [Fact]
    public async Task Security17_a_price_that_rises_after_the_question_is_not_paid_without_the_factor()
    {
        var product = await _shop.NewProduct(price: 90, stock: 10);
        var (jo, _) = await Buyer();
        (await jo.Buys(product)).Must(201);

        await _shop.Admin.Patch("inventory", $"/api/v2/products/{product}", new { price = Person.Money(900) });

        (await jo.Buys(product)).Code.ShouldBeOneOf(403, 409);
        (await jo.Balance()).ShouldBe(910);
    }

    [Fact]
    public async Task Security17_the_first_contract_says_401()
    {
        var product = await _shop.NewProduct(price: 101, stock: 10, name: "Dear Thing");
        var cheap = await _shop.NewProduct(price: 99, stock: 10);
        var (jo, _) = await Buyer();

        foreach (var good in new[] { $"{product}", "by-name/Dear%20Thing" })
        {
            var refused = await jo.Post("sales", $"/api/v1/sales/purchase/{jo.Username}/{good}");
            refused.Code.ShouldBe(401, refused.Text);
            refused.Of("detail").ShouldContain("second factor");
        }

        (await jo.Post("sales", $"/api/v1/sales/purchase/{jo.Username}/{cheap}")).Must(200);
    }

    private Task<(Person Person, Phone Phone)> Buyer() => _shop.NewCustomerWithPhone(money: 1000);
}
