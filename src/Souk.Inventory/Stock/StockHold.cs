using Souk.Platform.Holds;
using Souk.Platform.Values;

namespace Souk.Inventory.Stock;

/// <summary>The stock that a sale has taken.</summary>
internal sealed class StockHold : Hold
{
    public List<StockHoldLine> Lines { get; init; } = [];

    public static StockHold Tombstone(Guid saleId, DateTime now) => new() { SaleId = saleId, Fingerprint = "", State = HoldState.Voided, At = now, AskFrom = now };
}

/// <summary>So many of one product, at the price it had.</summary>
internal sealed class StockHoldLine
{
    public Guid SaleId { get; init; }

    public long ProductId { get; init; }

    public required string Name { get; init; }

    public int Quantity { get; init; }

    public Money UnitPrice { get; init; }
}
