using Souk.Platform.Holds;
using Souk.Platform.Persistence;
using Souk.Platform.Values;

namespace Souk.Inventory.Stock;

/// <summary>A product as a sale sees it: what it is sold at, and how many are left while the sales of a batch take from it.</summary>
/// <param name="id">The product.</param>
/// <param name="name">Its name.</param>
/// <param name="price">Its price.</param>
/// <param name="available">How many can be bought.</param>
/// <param name="sold">Whether it is sold at all; false once it was deleted.</param>
internal sealed class Shelf(long id, string name, Money price, long available, bool sold)
{
    public long Id => id;

    public string Name => name;

    public Money Price => price;

    public bool Sold => sold;

    /// <summary>How many are left.</summary>
    public long Left => available - Taken;

    /// <summary>How many the batch has taken (negative: given back).</summary>
    public long Taken { get; set; }
}

/// <summary>What stock for sales is kept in, seen from inside a transaction.</summary>
internal interface IStockTables : IHoldTables<StockHold>
{
    /// <summary>The holds of these sales, and the shelves of these products, locked in the order of their numbers until the transaction ends.</summary>
    Task<(Dictionary<Guid, StockHold> Holds, Dictionary<long, Shelf> Shelves)> Lock(IReadOnlyCollection<Guid> sales, IReadOnlyCollection<long> products);

    /// <summary>Keeps new holds and what is left on the shelves.</summary>
    Task Keep(IReadOnlyList<StockHold> holds, IReadOnlyList<Shelf> shelves);
}

/// <summary>The tables themselves. The path of a sale goes by these few statements on whole sets; everything else goes through the model.</summary>
internal sealed class StockTables(SetSql sql) : IStockTables
{
    private static readonly SetSelect<Guid, StockHold> HoldsOf = new("stock_holds", "sale_id", "sale_id, fingerprint, state, at, ask_from, lines", r => new StockHold
    {
        SaleId = r.GetGuid(0),
        Fingerprint = r.GetString(1),
        State = HoldModel.StateOf(r.GetString(2)),
        At = r.GetDateTime(3),
        AskFrom = r.GetDateTime(4),
        Lines = StockHold.OfJson(r.GetString(5)),
    }, locks: true);

    private static readonly SetSelect<long, Shelf> ShelvesOf = new(
        "products", "id", "id, name, price, available, deleted_at", r => new Shelf(r.GetInt64(0), r.GetString(1), new Money(r.GetInt64(2)), r.GetInt64(3), r.IsDBNull(4)), locks: true);

    private static readonly SetInsert<StockHold> NewHolds = HoldModel.Insert<StockHold>("stock_holds").With("lines", h => StockHold.ToJson(h.Lines));

    private static readonly SetChange<StockHold> States = HoldModel.Change<StockHold>("stock_holds");

    private static readonly SetChange<Shelf> Take = new SetChange<Shelf>("UPDATE products SET available = available - @taken", "products.id = @product").With("taken", s => s.Taken).With("product", s => s.Id);

    public async Task<(Dictionary<Guid, StockHold> Holds, Dictionary<long, Shelf> Shelves)> Lock(IReadOnlyCollection<Guid> sales, IReadOnlyCollection<long> products)
    {
        var (holds, shelves) = (sql.Ask(HoldsOf, sales), sql.Ask(ShelvesOf, products));
        await sql.Run();
        return (holds.ToDictionary(h => h.SaleId), shelves.ToDictionary(s => s.Id));
    }

    public async Task<Dictionary<Guid, StockHold>> Lock(IReadOnlyCollection<Guid> sales) => (await Lock(sales, [])).Holds;

    public Task Keep(IReadOnlyList<StockHold> holds, IReadOnlyList<Shelf> shelves)
    {
        sql.Do(NewHolds, holds);
        sql.Do(Take, shelves);
        return sql.Run();
    }

    public Task Save(IReadOnlyList<StockHold> changed, IReadOnlyList<StockHold> tombstones)
    {
        sql.Do(States, changed);
        sql.Do(NewHolds, tombstones);
        return sql.Run();
    }
}
