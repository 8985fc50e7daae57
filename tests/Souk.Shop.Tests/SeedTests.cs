using Souk.Testing;

namespace Souk.Tests;

/// <summary><c>souk seed</c> fills a shop with real sales, and its books are right.</summary>
public sealed class SeedTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task It_adds_what_was_asked_for_beside_an_open_shop()
    {
        // So few units that the shelves run empty and get deliveries.
        (await Seed("--products", "3", "--customers", "5", "--orders", "400")).ShouldBe(0);

        (await Count("inventory", "SELECT count(*) FROM products")).ShouldBe(3);
        (await Count("customers", "SELECT count(*) FROM customers WHERE role = 'customer'")).ShouldBe(5);
        (await Count("sales", "SELECT count(*) FROM orders")).ShouldBe(400);
        (await Count("sales", "SELECT sum(total) FROM orders")).ShouldBe(await Count("customers", "SELECT sum(amount) FROM ledger_entries WHERE account = 'Sales'"));
        (await Count("customers", "SELECT sum(amount) FROM ledger_entries")).ShouldBe(0);
        (await Count("inventory", "SELECT count(*) FROM stock_holds WHERE state IN ('Held', 'Settled')")).ShouldBe(400);
        (await Count("inventory", "SELECT sum(delta) FROM stock_adjustments")).ShouldBe(await Count("inventory", "SELECT sum(available) FROM products") + await Count("sales", "SELECT sum(quantity) FROM order_lines"));

        var sample = await _shop.SignsIn("sample-0000001", "a sample password");
        (await sample.Get("sales", "/api/v2/orders?limit=100"))["items"].GetArrayLength().ShouldBe(80);
    }

    [Fact]
    public async Task It_stocks_products_as_asked()
    {
        (await Seed("--products", "3", "--stock", "70000")).ShouldBe(0);

        (await Count("inventory", "SELECT sum(available) FROM products")).ShouldBe(210_000);
        (await Count("inventory", "SELECT sum(delta) FROM stock_adjustments")).ShouldBe(210_000);
    }

    [Fact]
    public async Task It_says_what_is_wrong()
    {
        (await Seed("--orders", "1")).ShouldBe(1, "orders need products and customers");
        (await Seed("--products", "-1")).ShouldBe(1);
    }

    private Task<int> Seed(params string[] arguments) =>
        SeedCommand.Build().Parse([.. arguments, .. _shop.Settings.Where(s => !s.Key.StartsWith("Services:", StringComparison.Ordinal)).SelectMany(s => new[] { $"--{s.Key}", s.Value! })]).InvokeAsync();

    private Task<long> Count(string service, string sql) => _shop.Storage.Number(service, sql);
}
