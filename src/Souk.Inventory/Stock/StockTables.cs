using Souk.Inventory.Products;
using Souk.Platform.Holds;
using Souk.Platform.Persistence;
using Souk.Platform.Values;

namespace Souk.Inventory.Stock;

/// <summary>A product as a sale sees it: what it is sold at, and how many are left while the sales of a batch take from it.</summary>
/// <param name="id">The product.</param>
/// <param name="name">Its name.</param>
/// <param name="price">Its price.</param>
/// <param name="available">How many could be bought.</param>
/// <param name="sold">Whether it is sold at all; false once it was deleted.</param>
/// <param name="written">How many the database has taken already (negative: given back), ahead of the decisions.</param>
internal sealed class Shelf(long id, string name, Money price, long available, bool sold, long written = 0)
{
    public long Id => id;

    public string Name => name;

    public Money Price => price;

    public bool Sold => sold;

    /// <summary>How many are left.</summary>
    public long Left => available - Taken;

    /// <summary>How many the batch has taken (negative: given back).</summary>
    public long Taken { get; set; }

    /// <summary>How many of them are still to be written.</summary>
    public long Unwritten => Taken - written;
}

/// <summary>What a batch would take of a product, if it can be had.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Count">How many (negative: to be given back).</param>
internal sealed record WantedStock(long ProductId, long Count);

/// <summary>What stock for sales is kept in, seen from inside a transaction.</summary>
internal interface IStockTables : IHoldTables<StockHold>
{
    /// <summary>The holds of these sales, and the shelves of these products, locked until the transaction ends. What they have of what is wanted may be taken already.</summary>
    /// <param name="sales">The sales.</param>
    /// <param name="wanted">One count a product, in the order of their numbers.</param>
    Task<(Dictionary<Guid, StockHold> Holds, Dictionary<long, Shelf> Shelves)> Lock(IReadOnlyCollection<Guid> sales, IReadOnlyList<WantedStock> wanted);

    /// <summary>Keeps new holds and what is left on the shelves.</summary>
    Task Keep(IReadOnlyList<StockHold> holds, IEnumerable<Shelf> shelves);
}

/// <summary>The tables themselves. The path of a sale goes by these few statements on whole sets; everything else goes through the model.</summary>
internal sealed class StockTables(SetSql sql, ShopWindow window) : IStockTables
{
    private static readonly SetSelect<Guid, StockHold> HoldsOf = new("stock_holds", "sale_id", "sale_id, fingerprint, state, at, ask_from, lines", r => new StockHold
    {
        SaleId = r.GetGuid(0),
        Fingerprint = r.GetString(1),
        State = HoldModel.StateOf(r.GetString(2)),
        At = r.GetDateTime(3),
        AskFrom = r.GetDateTime(4),
        Lines = StockHold.OfJson(r.GetString(5)),
    }, locks: "sale_id");

    private static readonly SetSelect<Guid, StockHold> LateHoldsOf = HoldsOf.WithoutLocks();

    private static readonly SetSelect<long, Shelf> ShelvesOf = new(
        "products", "id", "id, name, price, available, deleted_at", r => new Shelf(r.GetInt64(0), r.GetString(1), new Money(r.GetInt64(2)), r.GetInt64(3), r.IsDBNull(4)), locks: "id");

    private static readonly SetInsert<StockHold> NewHolds = HoldModel.Insert<StockHold>("stock_holds").With("lines", h => StockHold.ToJson(h.Lines));

    private static readonly SetChange<StockHold> States = HoldModel.Change<StockHold>("stock_holds");

    private static readonly SetChange<(Guid Sale, HoldState From, HoldState To)> Advances = HoldModel.Advance("stock_holds");

    private static readonly SetTake<WantedStock, Shelf> TakeAhead = new(
        new SetChange<WantedStock>("UPDATE products SET available = available - @count", "products.id = @product AND deleted_at IS NULL AND available >= @count")
            .With("product", w => w.ProductId).With("count", w => w.Count),
        "id, name, price, available + @count, @count",
        r => new Shelf(r.GetInt64(0), r.GetString(1), new Money(r.GetInt64(2)), r.GetInt64(3), sold: true, written: r.GetInt64(4)));

    private static readonly SetChange<Shelf> Take = new SetChange<Shelf>("UPDATE products SET available = available - @taken", "products.id = @product").With("taken", s => s.Unwritten).With("product", s => s.Id);

    public async Task<(Dictionary<Guid, StockHold> Holds, Dictionary<long, Shelf> Shelves)> Lock(IReadOnlyCollection<Guid> sales, IReadOnlyList<WantedStock> wanted)
    {
        var (holds, taken) = (sql.Ask(HoldsOf, sales), sql.Take(TakeAhead, wanted));
        await sql.Run();
        var shelves = taken.ToDictionary(s => s.Id);
        var missing = wanted.Select(w => w.ProductId).Where(id => !shelves.ContainsKey(id)).ToArray();
        if (missing.Length > 0)
        {
            var others = sql.Ask(ShelvesOf, missing);

            // The stock that is missing may be what another instance held for these very sales while this one waited for its row.
            var late = sql.BesideOthers ? sql.Ask(LateHoldsOf, [.. sales.Except(holds.Select(h => h.SaleId))]) : [];
            await sql.Run();
            others.ForEach(s => shelves.Add(s.Id, s));
            holds.AddRange(late);
        }

        return (holds.ToDictionary(h => h.SaleId), shelves);
    }

    public async Task<Dictionary<Guid, StockHold>> Lock(IReadOnlyCollection<Guid> sales) => (await Lock(sales, [])).Holds;

    public Task Keep(IReadOnlyList<StockHold> holds, IEnumerable<Shelf> shelves)
    {
        sql.Do(NewHolds, holds);
        sql.Do(Take, [.. shelves.Where(s => s.Unwritten != 0)]);
        sql.Do(ProductChange.Note, shelves.Any(s => s.Taken != 0) ? [window.NextChange()] : []);
        return Task.CompletedTask;
    }

    public Task Advance(IReadOnlyList<Guid> sales, HoldState from, HoldState to)
    {
        sql.Do(Advances, [.. sales.Select(sale => (sale, from, to))]);
        return Task.CompletedTask;
    }

    public Task Save(IReadOnlyList<StockHold> changed, IReadOnlyList<StockHold> tombstones)
    {
        sql.Do(States, changed);
        sql.Do(NewHolds, tombstones);
        return Task.CompletedTask;
    }
}
