using Souk.Platform.Holds;
using Souk.Platform.Persistence;
using Souk.Platform.Values;

namespace Souk.Customers.Wallets;

/// <summary>A wallet as a sale sees it: what is left in it while the sales of a batch take from it.</summary>
/// <param name="customerId">Whose it is.</param>
/// <param name="balance">What was in it.</param>
/// <param name="closed">Whether its customer is gone.</param>
/// <param name="written">What the database has put in already (negative: taken out), ahead of the decisions.</param>
internal sealed class Purse(Guid customerId, Money balance, bool closed, Money written = default)
{
    public Guid CustomerId => customerId;

    public bool Closed => closed;

    /// <summary>What is in it now.</summary>
    public Money Balance => balance + Change;

    /// <summary>What the batch has put in (negative: taken out).</summary>
    public Money Change { get; set; }

    /// <summary>What is still to be written of it.</summary>
    public Money Unwritten => Change - written;
}

/// <summary>A change that a batch would make to a wallet, if all of it can be.</summary>
/// <param name="CustomerId">Whose wallet.</param>
/// <param name="Change">What is put in (negative: taken out).</param>
/// <param name="At">When.</param>
internal sealed record WantedChange(Guid CustomerId, Money Change, DateTime At);

/// <summary>What money for sales is kept in, seen from inside a transaction.</summary>
internal interface IMoneyTables : IHoldTables<MoneyHold>
{
    /// <summary>The holds of these sales, and the purses of these customers, locked until the transaction ends. What they have of what is wanted may be taken already.</summary>
    /// <param name="sales">The sales.</param>
    /// <param name="wanted">One change a customer, in the order of their identifiers.</param>
    Task<(Dictionary<Guid, MoneyHold> Holds, Dictionary<Guid, Purse> Purses)> Lock(IReadOnlyCollection<Guid> sales, IReadOnlyList<WantedChange> wanted);

    /// <summary>Keeps new holds, the movements' entries, and what is in the purses.</summary>
    Task Keep(IReadOnlyList<MoneyHold> holds, IReadOnlyList<LedgerEntry> entries, IEnumerable<Purse> purses, DateTime now);
}

/// <summary>The tables themselves. The path of a sale goes by these few statements on whole sets; everything else goes through the model.</summary>
internal sealed class MoneyTables(SetSql sql) : IMoneyTables
{
    private static readonly SetSelect<Guid, MoneyHold> HoldsOf = new("money_holds", "sale_id", "sale_id, fingerprint, state, at, ask_from, customer_id, amount", r => new MoneyHold
    {
        SaleId = r.GetGuid(0),
        Fingerprint = r.GetString(1),
        State = HoldModel.StateOf(r.GetString(2)),
        At = r.GetDateTime(3),
        AskFrom = r.GetDateTime(4),
        CustomerId = r.IsDBNull(5) ? null : r.GetGuid(5),
        Amount = r.IsDBNull(6) ? null : new Money(r.GetInt64(6)),
    }, locks: "sale_id");

    private static readonly SetSelect<Guid, MoneyHold> LateHoldsOf = HoldsOf.WithoutLocks();

    private static readonly SetSelect<Guid, Purse> PursesOf = new("wallets", "customer_id", "customer_id, balance, closed", r => new Purse(r.GetGuid(0), new Money(r.GetInt64(1)), r.GetBoolean(2)), locks: "customer_id");

    private static readonly SetInsert<MoneyHold> NewHolds = HoldModel.Insert<MoneyHold>("money_holds").With("customer_id", h => h.CustomerId).With("amount", h => h.Amount?.Minor);

    private static readonly SetChange<MoneyHold> States = HoldModel.Change<MoneyHold>("money_holds");

    private static readonly SetChange<(Guid Sale, HoldState From, HoldState To)> Advances = HoldModel.Advance("money_holds");

    private static readonly SetInsert<LedgerEntry> NewEntries = new SetInsert<LedgerEntry>("ledger_entries")
        .With("movement_id", e => e.MovementId).With("account", e => LedgerEntry.NameOf(e.Account)).With("customer_id", e => e.CustomerId).With("amount", e => e.Amount.Minor)
        .With("kind", e => LedgerEntry.NameOf(e.Kind)).With("sale_id", e => e.SaleId).With("balance_after", e => e.BalanceAfter?.Minor).With("at", e => e.At);

    private static readonly SetTake<WantedChange, Purse> TakeAhead = new(
        new SetChange<WantedChange>("UPDATE wallets SET balance = balance + @change, updated_at = @now", "wallets.customer_id = @customer AND NOT closed AND balance + @change >= 0")
            .With("customer", w => w.CustomerId).With("change", w => w.Change.Minor).With("now", w => w.At),
        "customer_id, balance - @change, @change",
        r => new Purse(r.GetGuid(0), new Money(r.GetInt64(1)), closed: false, written: new Money(r.GetInt64(2))));

    private static readonly SetChange<(Purse Purse, DateTime Now)> Change = new SetChange<(Purse Purse, DateTime Now)>("UPDATE wallets SET balance = balance + @change, updated_at = @now", "wallets.customer_id = @customer")
        .With("change", x => x.Purse.Unwritten.Minor).With("now", x => x.Now).With("customer", x => x.Purse.CustomerId);

    public async Task<(Dictionary<Guid, MoneyHold> Holds, Dictionary<Guid, Purse> Purses)> Lock(IReadOnlyCollection<Guid> sales, IReadOnlyList<WantedChange> wanted)
    {
        var (holds, taken) = (sql.Ask(HoldsOf, sales), sql.Take(TakeAhead, wanted));
        await sql.Run();
        var purses = taken.ToDictionary(p => p.CustomerId);
        var missing = wanted.Select(w => w.CustomerId).Where(id => !purses.ContainsKey(id)).ToArray();
        if (missing.Length > 0)
        {
            var others = sql.Ask(PursesOf, missing);

            // The money that is missing may be what another instance held for these very sales while this one waited for the wallet.
            var late = sql.BesideOthers ? sql.Ask(LateHoldsOf, [.. sales.Except(holds.Select(h => h.SaleId))]) : [];
            await sql.Run();
            others.ForEach(p => purses.Add(p.CustomerId, p));
            holds.AddRange(late);
        }

        return (holds.ToDictionary(h => h.SaleId), purses);
    }

    public async Task<Dictionary<Guid, MoneyHold>> Lock(IReadOnlyCollection<Guid> sales) => (await Lock(sales, [])).Holds;

    public Task Keep(IReadOnlyList<MoneyHold> holds, IReadOnlyList<LedgerEntry> entries, IEnumerable<Purse> purses, DateTime now)
    {
        sql.Do(NewHolds, holds);
        sql.Do(NewEntries, entries);
        sql.Do(Change, [.. purses.Where(p => p.Unwritten != Money.Zero).Select(p => (p, now))]);
        return Task.CompletedTask;
    }

    public Task Advance(IReadOnlyList<Guid> sales, HoldState from, HoldState to)
    {
        sql.Do(Advances, [.. sales.Select(sale => (sale, from, to))]);
        return Task.CompletedTask;
    }

    public Task Save(IReadOnlyList<MoneyHold> changed, IReadOnlyList<MoneyHold> tombstones)
    {
        sql.Do(States, changed);
        sql.Do(NewHolds, tombstones);
        return Task.CompletedTask;
    }
}
