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
        public async Task<(Dictionary<Guid, StockHold> Holds, Dictionary<long, Shelf> Shelves)> Lock(IReadOnlyCollection<Guid> sales, IReadOnlyList<WantedStock> wanted)
        {
            await session.Statement();
            var holds = await db.Holds.Lock(session, sales);
            var shelves = new Dictionary<long, Shelf>();
            foreach (var (id, count) in db.Writers == 1 ? [] : wanted)
            {
                if (await db.Products.ChangeIf(session, id, p => p.Available >= count, p => p with { Available = p.Available - count }) is { } before)
                {
                    shelves.Add(id, ShelfOf(before, count));
                }
            }

            if (wanted.Select(w => w.ProductId).Where(id => !shelves.ContainsKey(id)).ToArray() is { Length: > 0 } others)
            {
                await session.Statement();
                (await db.Products.Lock(session, others)).ForEach(p => shelves.Add(p.Id, ShelfOf(p, 0)));
            }

            return (holds.ToDictionary(h => h.SaleId), shelves);
        }

        public async Task<Dictionary<Guid, StockHold>> Lock(IReadOnlyCollection<Guid> sales) => (await Lock(sales, [])).Holds;

        public async Task Keep(IReadOnlyList<StockHold> holds, IEnumerable<Shelf> shelves)
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

            foreach (var shelf in shelves.Where(s => s.Unwritten != 0))
            {
                await db.Products.Change(session, shelf.Id, p => p with { Available = p.Available - shelf.Unwritten });
            }
        }

        private static Shelf ShelfOf(Product before, long written) => new(before.Id, "product", before.Price, before.Available, sold: true, written);

        public Task Advance(IReadOnlyList<Guid> sales, HoldState from, HoldState to) => db.Holds.Advance(session, sales, from, to);

        public Task Save(IReadOnlyList<StockHold> changed, IReadOnlyList<StockHold> tombstones) => db.Holds.Save(session, changed, tombstones);
    }

    /// <summary>How many of a product the holds in a state have.</summary>
    public long Sum(long product, params HoldState[] states) =>
        Holds.Rows.Values.Where(h => states.Contains(h.State)).SelectMany(h => h.Lines).Where((HeldLine l) => l.ProductId == product).Sum(l => (long)l.Quantity);
}
