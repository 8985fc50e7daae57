using Souk.Platform.Errors;

namespace Souk.Inventory;

/// <summary>The refusals that are Inventory's own.</summary>
internal static class InventoryErrors
{
    public static readonly ErrorKind SkuTaken = new("sku_taken", 409, "Another product has this sku");
    public static readonly ErrorKind StockBelowZero = new("stock_below_zero", 409, "Stock can't go below zero");
    public static readonly ErrorKind StockTooLarge = new("stock_too_large", 409, "Stock can't go above the limit");
}
