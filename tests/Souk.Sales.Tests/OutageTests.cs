using Souk.Testing;

namespace Souk.Sales.Tests;

/// <summary>Sales while another service is away: nothing is charged, nothing is lost, and the answer says what to do.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task While_customers_is_away_the_order_is_given_up_and_its_stock_comes_back()
    {
        var product = await _shop.NewProduct(price: 5, stock: 3);
        var jo = await _shop.NewCustomer(money: 20);
        (await jo.Buys(product)).Must(201);
        await _shop.Stop("customers");

        var refused = await jo.Buys(product, 1, key: "outage");

        (refused.Code, refused.Problem).ShouldBe((409, "order_aborted"));
        (await _shop.Stock(product)).ShouldBe(2);
        await _shop.StartAgain("customers");
        (await jo.Balance()).ShouldBe(15m);
        (await jo.Buys(product, 1, key: "outage")).Problem.ShouldBe("order_aborted", "its key is spent");
        (await jo.Buys(product, 1, key: "afterwards")).Must(201);
    }

    [Fact]
    public async Task While_inventory_is_away_nothing_is_decided_and_the_same_key_works_later()
    {
        var product = await _shop.NewProduct(price: 5, stock: 3);
        var jo = await _shop.NewCustomer(money: 20);
        (await jo.Buys(product)).Must(201);
        await _shop.Stop("inventory");

        var refused = await jo.Buys(product, 1, key: "outage");

        (refused.Code, refused.Problem).ShouldBe((503, "dependency_unavailable"));
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await jo.Post("sales", $"/api/v1/sales/purchase/{jo.Username}/{product}")).Must(503);
        (await _shop.Visitor.Get("sales", "/api/v1/sales/goods")).Must(503);
        await _shop.StartAgain("inventory");
        await TestShop.Eventually(async () => (await jo.Buys(product, 1, key: "outage")).Code == 201, "the same key finishes the sale");
        (await jo.Balance(), await _shop.Stock(product)).ShouldBe((10m, 1));
    }

    [Fact]
    public async Task A_cancellation_reaches_a_service_that_was_away()
    {
        var product = await _shop.NewProduct(price: 5, stock: 3);
        var jo = await _shop.NewCustomer(money: 20);
        var order = (await jo.Buys(product)).Of("id");
        await _shop.Stop("customers");

        (await jo.Post("sales", $"/api/v2/orders/{order}/cancellation")).Of("status").ShouldBe("cancelled");
        (await _shop.Stock(product)).ShouldBe(3);
        await _shop.StartAgain("customers");

        await TestShop.Eventually(async () => await jo.Balance() == 20m, "the refund");
    }
}
