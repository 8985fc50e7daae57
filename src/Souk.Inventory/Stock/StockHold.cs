using System.Text.Json;
using Souk.Contracts;
using Souk.Platform.Events;
using Souk.Platform.Holds;

namespace Souk.Inventory.Stock;

/// <summary>The stock that a sale has taken.</summary>
internal sealed class StockHold : Hold
{
    /// <summary>One line a product, at the price it had. They are kept as JSON in the hold's own row: nobody looks for one without the others.</summary>
    public List<HeldLine> Lines { get; init; } = [];

    public static string ToJson(List<HeldLine> lines) => JsonSerializer.Serialize(lines, InternalJson.Options);

    public static List<HeldLine> OfJson(string json) => JsonSerializer.Deserialize<List<HeldLine>>(json, InternalJson.Options)!;
}
