using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Platform.Holds;
using Souk.Platform.Persistence;

namespace Souk.Inventory.Stock;

/// <summary>What Inventory knows of one sale.</summary>
/// <param name="State">Where its hold stands.</param>
/// <param name="Lines">What is or was held: <c>12×2@500</c> for two of product 12 at that price in cents, and so on.</param>
/// <param name="Overdue">Whether it is held although its sale must long have ended.</param>
internal record struct StockOfSale(HoldState State, string Lines, bool Overdue);

/// <summary>The books of the stock, proved and read for those who compare them with other services' books.</summary>
internal sealed class StockBooks(IDbContextFactory<InventoryDb> contexts)
{
    private readonly List<Discrepancy> _wrong = [];

    /// <summary>What is known of every sale.</summary>
    public Dictionary<Guid, StockOfSale> Sales { get; } = [];

    public long Products { get; private set; }

    public IReadOnlyList<Discrepancy> Wrong => _wrong;

    /// <summary>Reads them.</summary>
    /// <param name="due">Sales whose stock was held before this moment (UTC) must have ended.</param>
    public async Task Read(DateTime due)
    {
        await using var snapshot = await Snapshot.Of(contexts);
        var explained = new Dictionary<long, long>();
        await snapshot.Each("SELECT product_id, CAST(SUM(delta) AS bigint) FROM stock_adjustments GROUP BY product_id", r => explained.Add(r.GetInt64(0), r.GetInt64(1)));
        await ReadHolds(snapshot, due, explained);
        await ReadProducts(snapshot, explained);
        _wrong.AddRange(explained.Select(e => Of("product_missing", e.Key, "no stock without a product", e.Value)));
    }

    private static Discrepancy Of(string kind, long id, string expected, long found) =>
        new(kind, id.ToString(CultureInfo.InvariantCulture), expected, found.ToString(CultureInfo.InvariantCulture));

    private Task ReadHolds(Snapshot snapshot, DateTime due, Dictionary<long, long> explained) =>
        snapshot.Each("SELECT sale_id, state, lines, at FROM stock_holds", r =>
        {
            var (state, lines) = (HoldModel.StateOf(r.GetString(1)), StockHold.OfJson(r.GetString(2)));
            Sales.Add(r.GetGuid(0), new StockOfSale(
                state, string.Join(' ', lines.Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.ProductId}×{l.Quantity}@{l.UnitPrice.Minor}"))), state == HoldState.Held && r.GetDateTime(3) < due));
            if (state is HoldState.Held or HoldState.Settled)
            {
                lines.ForEach(l => CollectionsMarshal.GetValueRefOrAddDefault(explained, l.ProductId, out _) -= l.Quantity);
            }
        });

    private Task ReadProducts(Snapshot snapshot, Dictionary<long, long> explained) =>
        snapshot.Each("SELECT id, available FROM products", r =>
        {
            var (id, available) = (r.GetInt64(0), r.GetInt64(1));
            Products++;
            explained.Remove(id, out var expected);
            if (available != expected)
            {
                _wrong.Add(Of("product_stock", id, string.Create(CultureInfo.InvariantCulture, $"{expected}, its adjustments less what sales took"), available));
            }

            if (available < 0)
            {
                _wrong.Add(Of("product_negative", id, "0 or more", available));
            }
        });
}
