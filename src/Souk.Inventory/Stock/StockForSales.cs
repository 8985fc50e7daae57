using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
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
internal sealed class StockForSales : Participant<InventoryDb, StockHold>
{
    private static readonly string[] Held = ["stock held"];

    private readonly GroupCommit<InventoryDb> _writer;
    private readonly Func<ITransaction<InventoryDb>, IStockTables> _tables;
    private readonly Lease _lease;
    private readonly ShopWindow _window;
    private readonly TimeProvider _time;
    private readonly SetWrite<InventoryDb, HoldStock, List<HeldLine>> _hold;

    public StockForSales(GroupCommit<InventoryDb> writer, Func<ITransaction<InventoryDb>, IStockTables> tables, Lease lease, ShopWindow window, TimeProvider time)
        : base(writer, tables, time)
    {
        (_writer, _tables, _lease, _window, _time) = (writer, tables, lease, window, time);
        _hold = new(HoldAll);
    }

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapInternal<HoldStock[], StockHeld[]>("/internal/holds", async (wanted, http) => await http.RequestServices.GetRequiredService<StockForSales>().Hold(wanted));

    /// <summary>Holds stock for sales that came together; what is answered as held is durable.</summary>
    public async Task<StockHeld[]> Hold(params HoldStock[] wanted) =>
        [.. (await _writer.Write(_hold, wanted)).Select(held => held.Refused(out var error, out var lines) ? new StockHeld(null, ErrorMessage.Of(error)) : new StockHeld(lines, null))];

    protected override async Task GiveBack(ITransaction<InventoryDb> transaction, IReadOnlyList<StockHold> holds)
    {
        var tables = _tables(transaction);
        var lines = holds.SelectMany(h => h.Lines).ToArray();
        var (_, shelves) = await tables.Lock([], Sums(lines.Select(l => (l.ProductId, -l.Quantity))));
        foreach (var line in lines)
        {
            shelves[line.ProductId].Taken -= line.Quantity;
        }

        await tables.Keep([], shelves.Values);
        transaction.WhenCommitted.Add(() => _window.Changed(shelves.Keys));
    }

    protected override StockHold Tombstone(Guid saleId, DateTime now) => new() { SaleId = saleId, Fingerprint = "", State = HoldState.Voided, At = now, AskFrom = now };

    private async Task<IReadOnlyList<Result<List<HeldLine>>>> HoldAll(ITransaction<InventoryDb> transaction, IReadOnlyList<HoldStock> wanted)
    {
        var tables = _tables(transaction);
        var (holds, shelves) = await tables.Lock(
            [.. wanted.Select(w => w.SaleId).Distinct().Order()], Sums(wanted.SelectMany(w => w.Lines).Select(l => (l.ProductId, l.Quantity))));
        var (answers, kept) = (new Result<List<HeldLine>>[wanted.Count], new List<StockHold>(wanted.Count));
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = holds.TryGetValue(wanted[i].SaleId, out var earlier) ? Again(earlier, wanted[i]) : Take(shelves, wanted[i]);
            if (earlier is null && !answers[i].Refused(out _, out var lines))
            {
                kept.Add(HoldOf(wanted[i], lines));
                holds.Add(wanted[i].SaleId, kept[^1]);
                transaction.Trail.Note(i, wanted[i].SaleId, Held, trace: wanted[i].Trace);
            }
        }

        await tables.Keep(kept, shelves.Values);
        transaction.WhenCommitted.Add(() => _window.Changed(shelves.Values.Where(s => s.Taken != 0).Select(s => s.Id)));
        return answers;
    }

    /// <summary>One count a product, in the order in which products are locked.</summary>
    private static WantedStock[] Sums(IEnumerable<(long ProductId, int Count)> counts) =>
        [.. counts.GroupBy(c => c.ProductId, c => (long)c.Count).OrderBy(g => g.Key).Select(g => new WantedStock(g.Key, g.Sum()))];

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
}
