using Souk.Testing;

namespace Souk.Tests;

/// <summary>Events reach their subscribers, in whatever order their transactions end.</summary>
public sealed class OutboxTests : IAsyncLifetime
{
    // Its events are numbered by hand, so it is no shop for others.
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task An_event_that_nobody_takes_does_not_hide_one_numbered_before_it_and_committed_after_it()
    {
        var product = await _shop.NewProduct(price: 5, stock: 10);
        var jo = await _shop.NewCustomer(money: 20);
        var (first, second) = ((await jo.Buys(product)).Of("id"), (await jo.Buys(product, 2)).Of("id"));
        await _shop.Storage.Run("sales", $"{Insert} {Event(999_998, "order_cancelled", first)}, {Event(1_000_000, "order_placed", second)}");
        await TestShop.Eventually(async () => await _shop.Storage.Number("sales", "SELECT COUNT(*) FROM deliveries WHERE last_id >= 999998") == 2, "the first two are delivered");

        await _shop.Storage.Run("sales", $"{Insert} {Event(999_999, "order_cancelled", second)}");

        await TestShop.Eventually(async () => await _shop.Stock(product) == 10 && await jo.Balance() == 20m, "what the cancelled orders took comes back");
    }

    private const string Insert = "INSERT INTO outbox (id, event_id, subject, type, payload, at) VALUES";

    private static string Event(long number, string type, string order) =>
        $"({number}, '{Guid.CreateVersion7().ToString().ToUpperInvariant()}', '{order}', '{type}', '{{\"order_id\":\"{order}\"}}', '2026-01-01 00:00:00')";
}
