using Souk.Testing;

namespace Souk.Tests;

/// <summary>What happens to a sale whose coordinator went away: the participants ask, and the decision row answers.</summary>
public sealed class RecoveryTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Holds_without_a_decision_are_given_back_by_their_own_question()
    {
        var product = await _shop.NewProduct(price: 5, stock: 10);
        var jo = await _shop.NewCustomer(money: 20);
        var sale = Guid.CreateVersion7();
        (await HoldStock(sale, product, 4)).Of("0.lines.0.quantity").ShouldBe("4");
        (await HoldMoney(sale, jo, 2000)).Text.ShouldContain("\"refused\":null");
        (await _shop.Stock(product), await jo.Balance()).ShouldBe((6, 0m));

        _shop.Clock.Advance(TimeSpan.FromSeconds(31));

        await TestShop.Eventually(async () => await _shop.Stock(product) == 10 && await jo.Balance() == 20m, "stock and money come back");
        (await HoldStock(sale, product, 4)).Of("0.refused.code").ShouldBe("order_aborted", "the sale is decided: a late hold is refused");
    }

    [Fact]
    public async Task A_void_that_overtakes_its_hold_keeps_the_hold_out()
    {
        var product = await _shop.NewProduct(stock: 10);
        var jo = await _shop.NewCustomer(money: 20);
        var sale = Guid.CreateVersion7();
        foreach (var service in new[] { "inventory", "customers" })
        {
            (await _shop.AsSales().Post(service, "/internal/sale-ends", new[] { new { sale_id = sale, outcome = "aborted" } })).Must(200);
        }

        (await HoldStock(sale, product, 1)).Of("0.refused.code").ShouldBe("order_aborted");
        (await HoldMoney(sale, jo, 100)).Of("0.refused.code").ShouldBe("order_aborted");
        (await _shop.Stock(product), await jo.Balance()).ShouldBe((10, 20m));
    }

    [Fact]
    public async Task A_committed_sale_is_settled_and_stays_sold()
    {
        var product = await _shop.NewProduct(price: 5, stock: 10);
        var jo = await _shop.NewCustomer(money: 20);
        (await jo.Buys(product, 2, key: "settled")).Must(201);

        _shop.Clock.Advance(TimeSpan.FromSeconds(31));
        await TestShop.Eventually(() => Settled(product), "the hold is settled");

        (await _shop.Stock(product), await jo.Balance()).ShouldBe((8, 10m));
        (await jo.Buys(product, 2, key: "settled")).Code.ShouldBe(201, "its key still has its answer");
        (await _shop.Stock(product)).ShouldBe(8);
    }

    [Fact]
    public async Task Everything_is_there_after_a_restart()
    {
        var product = await _shop.NewProduct(price: 5, stock: 10);
        var jo = await _shop.NewCustomer(money: 20);
        var order = await jo.Buys(product, 2, key: "before");

        await _shop.Reopen();

        (await jo.Buys(product, 2, key: "before")).Text.ShouldBe(order.Text);
        (await jo.Get("sales", $"/api/v2/orders/{order.Of("id")}")).Text.ShouldBe(order.Text);
        (await _shop.Stock(product), await jo.Balance()).ShouldBe((8, 10m));
    }

    [Fact]
    public async Task A_customer_can_cancel_for_half_an_hour_and_the_admin_for_ever()
    {
        var product = await _shop.NewProduct(price: 5, stock: 10);
        var jo = await _shop.NewCustomer(money: 20);
        var order = (await jo.Buys(product)).Of("id");
        _shop.Clock.Advance(TimeSpan.FromMinutes(31));
        var (later, admin) = (await _shop.SignsIn(jo.Username, TestShop.Password), await _shop.SignsIn("admin", TestShop.Password));

        (await later.Post("sales", $"/api/v2/orders/{order}/cancellation")).Problem.ShouldBe("cancel_too_late");
        (await admin.Post("sales", $"/api/v2/orders/{order}/cancellation")).Of("status").ShouldBe("cancelled");
        (await later.Balance()).ShouldBe(20m);
    }

    private Task<Answer> HoldStock(Guid sale, long product, int quantity) =>
        _shop.AsSales().Post("inventory", "/internal/holds", new[] { new { sale_id = sale, fingerprint = "f", lines = new[] { new { product_id = product, quantity } } } });

    private Task<Answer> HoldMoney(Guid sale, Person who, long minor) =>
        _shop.AsSales().Post("customers", "/internal/holds", new[] { new { sale_id = sale, fingerprint = "f", customer_id = who.Id, amount = minor } });

    private async Task<bool> Settled(long product) =>
        await _shop.Storage.Number("inventory", $"SELECT count(*) FROM stock_holds WHERE lines LIKE '%\"product_id\":{product},%' AND state = 'Settled'") == 1;
}
