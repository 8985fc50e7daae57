using Souk.Contracts;
using Souk.Inventory.Stock;
using Souk.Platform.Holds;
using Souk.Platform.Values;

namespace Souk.Simulation.Worlds;

/// <summary>A product in Inventory's storage.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Price">Its price.</param>
/// <param name="Available">How many can be bought.</param>
/// <param name="Delivered">How many there ever were.</param>
internal sealed record Product(long Id, Money Price, long Available, long Delivered);

/// <summary>Inventory's storage.</summary>
internal sealed class StockDatabase(World world, int writers) : Database(world, writers), IOverdueHolds<StockHold>
{
    public Table<Guid, StockHold> Holds { get; } = new(Copy);

    public Table<long, Product> Products { get; } = new(p => p, p => p.Available >= 0);

    public async Task<List<Guid>> Find(DateTime now, int most, CancellationToken stop)
    {
        await World.Timeline.Wait(World.Dice.Time(0.1, 2));
        MayFail();
        return [.. Holds.Rows.Values.Where(h => h.State == HoldState.Held && h.AskFrom <= now).OrderBy(h => h.AskFrom).Select(h => h.SaleId).Take(most)];
    }

    protected override void Check()
    {
        if (Products.Rows.Values.FirstOrDefault(p => p.Available < 0) is { } oversold)
        {
            World.Break($"{oversold} is oversold.");
        }
    }

    private static StockHold Copy(StockHold h) => new() { SaleId = h.SaleId, Fingerprint = h.Fingerprint, State = h.State, At = h.At, AskFrom = h.AskFrom, Lines = [.. h.Lines] };

    /// <summary>The same statements as the real tables', in the same order.</summary>
    public sealed class Tables(StockDatabase db, Session session) : IStockTables
    {
        public async Task<(Dictionary<Guid, StockHold> Holds, Dictionary<long, Shelf> Shelves)> Lock(IReadOnlyCollection<Guid> sales, IReadOnlyCollection<long> products)
        {
            await session.Statement();
            var holds = await db.Holds.Lock(session, sales);
            var shelves = await db.Products.Lock(session, products);
            return (holds.ToDictionary(h => h.SaleId), shelves.Select(p => new Shelf(p.Id, "product", p.Price, p.Available, sold: true)).ToDictionary(s => s.Id));
        }

        public async Task<Dictionary<Guid, StockHold>> Lock(IReadOnlyCollection<Guid> sales) => (await Lock(sales, [])).Holds;

        public async Task Keep(IReadOnlyList<StockHold> holds, IReadOnlyList<Shelf> shelves)
        {
            await session.Statement();
            foreach (var hold in holds)
            {
                await db.Holds.Insert(session, hold.SaleId, hold);
                if (db.Voided.Contains(hold.SaleId))
                {
                    db.World.Break($"Sale {hold.SaleId} is held again after it was voided.");
                }
            }

            foreach (var shelf in shelves)
            {
                await db.Products.Change(session, shelf.Id, p => p with { Available = p.Available - shelf.Taken });
            }
        }

        public async Task Save(IReadOnlyList<StockHold> changed, IReadOnlyList<StockHold> tombstones)
        {
            await session.Statement();
            foreach (var hold in changed)
            {
                await db.Holds.Change(session, hold.SaleId, row =>
                {
                    row.State = hold.State;
                    return row;
                });
            }

            foreach (var hold in tombstones)
            {
                await db.Holds.Insert(session, hold.SaleId, hold);
            }
        }
    }

    /// <summary>How many of a product the holds in a state have.</summary>
    public long Sum(long product, params HoldState[] states) =>
        Holds.Rows.Values.Where(h => states.Contains(h.State)).SelectMany(h => h.Lines).Where((HeldLine l) => l.ProductId == product).Sum(l => (long)l.Quantity);
}
