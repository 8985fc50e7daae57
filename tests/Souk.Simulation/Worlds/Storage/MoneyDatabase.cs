using Souk.Customers.Wallets;
using Souk.Platform.Holds;
using Souk.Platform.Values;

namespace Souk.Simulation.Worlds;

/// <summary>A wallet in Customers' storage.</summary>
/// <param name="Id">Whose.</param>
/// <param name="Balance">What is in it.</param>
/// <param name="Closed">Whether its customer is gone.</param>
internal sealed record Purseful(Guid Id, long Balance, bool Closed);

/// <summary>Customers' storage.</summary>
internal sealed class MoneyDatabase(World world, int writers) : Database(world, writers), IOverdueHolds<MoneyHold>
{
    public Table<Guid, MoneyHold> Holds { get; } = new(Copy);

    public Table<Guid, Purseful> Wallets { get; } = new(w => w, w => w.Balance >= 0);

    public List<LedgerEntry> Entries { get; } = [];

    public async Task<List<Guid>> Find(DateTime now, int most, CancellationToken stop)
    {
        await World.Timeline.Wait(World.Dice.Time(0.1, 2));
        MayFail();
        return [.. Holds.Rows.Values.Where(h => h.State == HoldState.Held && h.AskFrom <= now).OrderBy(h => h.AskFrom).Select(h => h.SaleId).Take(most)];
    }

    protected override void Check()
    {
        if (Wallets.Rows.Values.FirstOrDefault(w => w.Balance < 0) is { } overdrawn)
        {
            World.Break($"{overdrawn} is overdrawn.");
        }
    }

    private static MoneyHold Copy(MoneyHold h) => new() { SaleId = h.SaleId, Fingerprint = h.Fingerprint, State = h.State, At = h.At, AskFrom = h.AskFrom, CustomerId = h.CustomerId, Amount = h.Amount };

    /// <summary>The same statements as the real tables', in the same order.</summary>
    public sealed class Tables(MoneyDatabase db, Session session) : IMoneyTables
    {
        public async Task<(Dictionary<Guid, MoneyHold> Holds, Dictionary<Guid, Purse> Purses)> Lock(IReadOnlyCollection<Guid> sales, IReadOnlyCollection<Guid> customers)
        {
            await session.Statement();
            var holds = await db.Holds.Lock(session, sales);
            var wallets = await db.Wallets.Lock(session, customers);
            return (holds.ToDictionary(h => h.SaleId), wallets.Select(w => new Purse(w.Id, new Money(w.Balance), w.Closed)).ToDictionary(p => p.CustomerId));
        }

        public async Task<Dictionary<Guid, MoneyHold>> Lock(IReadOnlyCollection<Guid> sales) => (await Lock(sales, [])).Holds;

        public async Task Keep(IReadOnlyList<MoneyHold> holds, IReadOnlyList<LedgerEntry> entries, IReadOnlyList<Purse> purses, DateTime now)
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

            foreach (var entry in entries)
            {
                session.Append(db.Entries, entry);
            }

            foreach (var purse in purses)
            {
                await db.Wallets.Change(session, purse.CustomerId, w => w with { Balance = w.Balance + purse.Change.Minor });
            }
        }

        public async Task Save(IReadOnlyList<MoneyHold> changed, IReadOnlyList<MoneyHold> tombstones)
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
}
