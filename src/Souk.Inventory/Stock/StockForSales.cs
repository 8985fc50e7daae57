using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Souk.Contracts;
using Souk.Inventory.Products;
using Souk.Platform.Errors;
using Souk.Platform.Holds;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;

namespace Souk.Inventory.Stock;

/// <summary>
/// Inventory's part in a sale: takes the stock of all lines or of none, and remembers it under the sale's id, so that a repeated
/// request gets the same answer. The sales of a batch are decided one after the other, each on what those before it have left.
/// </summary>
internal sealed partial class StockForSales : Participant<InventoryDb, StockHold>
{
    private readonly GroupCommit<InventoryDb> _writer;
    private readonly Func<ITransaction<InventoryDb>, IStockTables> _tables;
    private readonly Lease _lease;
    private readonly ShopWindow _window;
    private readonly TimeProvider _time;
    private readonly ILogger<StockForSales> _log;
    private readonly SetWrite<InventoryDb, HoldStock, List<HeldLine>> _hold;

    public StockForSales(GroupCommit<InventoryDb> writer, Func<ITransaction<InventoryDb>, IStockTables> tables, Lease lease, ShopWindow window, TimeProvider time, ILogger<StockForSales> log)
        : base(writer, tables, time)
    {
        (_writer, _tables, _lease, _window, _time, _log) = (writer, tables, lease, window, time, log);
        _hold = new(HoldAll);
    }

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapInternal<List<HoldStock>, StockHeld[]>("/internal/holds", async (wanted, http) =>
            await Task.WhenAll(wanted.Select(http.RequestServices.GetRequiredService<StockForSales>().Hold)));

    /// <summary>Holds stock for one sale; the answer stands when it is durable.</summary>
    public async Task<StockHeld> Hold(HoldStock wanted)
    {
        try
        {
            return (await _writer.Write(_hold, wanted)).Refused(out var error, out var lines) ? new StockHeld(null, ErrorMessage.Of(error)) : new StockHeld(lines, null);
        }
        catch (Exception e)
        {
            // The others of its batch get their own answers.
            LogNotHeld(e, wanted.SaleId);
            return new StockHeld(null, ErrorMessage.Of(CommonErrors.DependencyUnavailable.With("It could not be held.")));
        }
    }

    protected override async Task GiveBack(ITransaction<InventoryDb> transaction, IReadOnlyList<StockHold> holds)
    {
        var tables = _tables(transaction);
        var lines = holds.SelectMany(h => h.Lines).ToArray();
        var (_, shelves) = await tables.Lock([], [.. lines.Select(l => l.ProductId).Distinct().Order()]);
        foreach (var line in lines)
        {
            shelves[line.ProductId].Taken -= line.Quantity;
        }

        await tables.Keep([], [.. shelves.Values]);
        transaction.WhenCommitted.Add(() => _window.Changed(shelves.Keys));
    }

    protected override StockHold Tombstone(Guid saleId, DateTime now) => new() { SaleId = saleId, Fingerprint = "", State = HoldState.Voided, At = now, AskFrom = now };

    private async Task<IReadOnlyList<Result<List<HeldLine>>>> HoldAll(ITransaction<InventoryDb> transaction, IReadOnlyList<HoldStock> wanted)
    {
        var tables = _tables(transaction);
        var (holds, shelves) = await tables.Lock(
            [.. wanted.Select(w => w.SaleId).Distinct().Order()], [.. wanted.SelectMany(w => w.Lines).Select(l => l.ProductId).Distinct().Order()]);
        var (answers, kept) = (new Result<List<HeldLine>>[wanted.Count], new List<StockHold>(wanted.Count));
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = holds.TryGetValue(wanted[i].SaleId, out var earlier) ? Again(earlier, wanted[i]) : Take(shelves, wanted[i]);
            if (earlier is null && !answers[i].Refused(out _, out var lines))
            {
                kept.Add(HoldOf(wanted[i], lines));
                holds.Add(wanted[i].SaleId, kept[^1]);
            }
        }

        var taken = shelves.Values.Where(s => s.Taken != 0).ToArray();
        await tables.Keep(kept, taken);
        transaction.WhenCommitted.Add(() => _window.Changed(taken.Select(s => s.Id)));
        return answers;
    }

    private static Result<List<HeldLine>> Again(StockHold earlier, HoldStock wanted) =>
        earlier.State == HoldState.Voided ? ShopErrors.OrderAborted.With("This sale was given up before its stock was held.")
        : earlier.Fingerprint != wanted.Fingerprint ? CommonErrors.IdempotencyKeyReused.With("The key was used for an order with other contents.")
        : earlier.Lines;

    /// <summary>Checks all lines before it takes any.</summary>
    private static Result<List<HeldLine>> Take(Dictionary<long, Shelf> shelves, HoldStock wanted)
    {
        var lines = new List<HeldLine>(wanted.Lines.Count);

        // Two lines may name one product: they are one demand on it.
        foreach (var (id, quantity) in wanted.Lines.GroupBy(l => l.ProductId).OrderBy(g => g.Key).Select(g => (g.Key, g.Sum(l => l.Quantity))))
        {
            if (!shelves.TryGetValue(id, out var shelf) || !shelf.Sold)
            {
                return ShopErrors.NoProduct(id);
            }

            if (shelf.Left < quantity)
            {
                return ShopErrors.OutOfStock.With($"There are not {quantity} of '{shelf.Name}' (product {id}) in stock.");
            }

            lines.Add(new HeldLine(id, shelf.Name, quantity, shelf.Price));
        }

        lines.ForEach(l => shelves[l.ProductId].Taken += l.Quantity);
        return lines;
    }

    private StockHold HoldOf(HoldStock wanted, List<HeldLine> lines)
    {
        var now = _time.GetUtcNow();
        return new() { SaleId = wanted.SaleId, Fingerprint = wanted.Fingerprint, At = now.UtcDateTime, AskFrom = (now + _lease.Time).UtcDateTime, Lines = lines };
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The stock of sale {SaleId} could not be held")]
    private partial void LogNotHeld(Exception e, Guid saleId);
}
