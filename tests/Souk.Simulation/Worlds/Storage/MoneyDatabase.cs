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
        public async Task<(Dictionary<Guid, MoneyHold> Holds, Dictionary<Guid, Purse> Purses)> Lock(IReadOnlyCollection<Guid> sales, IReadOnlyList<WantedChange> wanted)
        {
            await session.Statement();
            var holds = await db.Holds.Lock(session, sales);
            var purses = new Dictionary<Guid, Purse>();
            foreach (var want in db.Writers == 1 ? [] : wanted)
            {
                var change = want.Change.Minor;
                if (await db.Wallets.ChangeIf(session, want.CustomerId, w => !w.Closed && w.Balance + change >= 0, w => w with { Balance = w.Balance + change }) is { } before)
                {
                    purses.Add(before.Id, new Purse(before.Id, new Money(before.Balance), closed: false, want.Change));
                }
            }

            if (wanted.Select(w => w.CustomerId).Where(id => !purses.ContainsKey(id)).ToArray() is { Length: > 0 } others)
            {
                await session.Statement();
                (await db.Wallets.Lock(session, others)).ForEach(w => purses.Add(w.Id, new Purse(w.Id, new Money(w.Balance), w.Closed)));
            }

            return (holds.ToDictionary(h => h.SaleId), purses);
        }

        public async Task<Dictionary<Guid, MoneyHold>> Lock(IReadOnlyCollection<Guid> sales) => (await Lock(sales, [])).Holds;

        public async Task Keep(IReadOnlyList<MoneyHold> holds, IReadOnlyList<LedgerEntry> entries, IEnumerable<Purse> purses, DateTime now)
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

            foreach (var purse in purses.Where(p => p.Unwritten != Money.Zero))
            {
                await db.Wallets.Change(session, purse.CustomerId, w => w with { Balance = w.Balance + purse.Unwritten.Minor });
            }
        }

        public Task Advance(IReadOnlyList<Guid> sales, HoldState from, HoldState to) => db.Holds.Advance(session, sales, from, to);

        public Task Save(IReadOnlyList<MoneyHold> changed, IReadOnlyList<MoneyHold> tombstones) => db.Holds.Save(session, changed, tombstones);
    }
}
