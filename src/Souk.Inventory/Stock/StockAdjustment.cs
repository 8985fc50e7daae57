namespace Souk.Inventory.Stock;

/// <summary>A change of a product's stock by hand, with its reason; kept for ever. Sales change stock by holds instead.</summary>
internal sealed class StockAdjustment
{
    public long Id { get; init; }

    public long ProductId { get; init; }

    /// <summary>How many came (positive) or went (negative).</summary>
    public long Delta { get; init; }

    public StockReason Reason { get; init; }

    public string? Note { get; init; }

    /// <summary>The customer id of whoever did it.</summary>
    public Guid By { get; init; }

    /// <summary>How many could be bought afterwards.</summary>
    public long AvailableAfter { get; init; }

    public DateTime At { get; init; }

    public static StockAdjustment Of(long productId, long delta, StockReason reason, string? note, Guid by, long availableAfter, DateTime at) =>
        new() { ProductId = productId, Delta = delta, Reason = reason, Note = note, By = by, AvailableAfter = availableAfter, At = at };
}

/// <summary>Why stock was adjusted.</summary>
internal enum StockReason
{
    /// <summary>The product was added with it.</summary>
    Initial,

    /// <summary>A delivery came in.</summary>
    Received,

    /// <summary>A customer brought it back.</summary>
    Returned,

    /// <summary>It broke or expired.</summary>
    Damaged,

    /// <summary>It is gone.</summary>
    Lost,

    /// <summary>Somebody counted.</summary>
    Counted,

    /// <summary>An earlier mistake is put right.</summary>
    Correction,
}
