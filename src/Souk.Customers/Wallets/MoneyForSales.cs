using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Holds;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Values;

namespace Souk.Customers.Wallets;

/// <summary>
/// Customers' part in a sale: takes the money out of the wallet, and remembers it under the sale's id, so that a repeated request
/// gets the same answer. The sales of a batch are decided one after the other, each on what those before it have left.
/// </summary>
internal sealed class MoneyForSales : Participant<CustomersDb, MoneyHold>
{
    private static readonly string[] Held = ["money held"];

    private readonly GroupCommit<CustomersDb> _writer;
    private readonly Func<ITransaction<CustomersDb>, IMoneyTables> _tables;
    private readonly Ledger _ledger;
    private readonly Lease _lease;
    private readonly TimeProvider _time;
    private readonly SetWrite<CustomersDb, HoldMoney, Done> _hold;

    public MoneyForSales(GroupCommit<CustomersDb> writer, Func<ITransaction<CustomersDb>, IMoneyTables> tables, Ledger ledger, Lease lease, TimeProvider time)
        : base(writer, tables, time)
    {
        (_writer, _tables, _ledger, _lease, _time) = (writer, tables, ledger, lease, time);
        _hold = new(HoldAll);
    }

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapInternal<HoldMoney[], MoneyHeld[]>("/internal/holds", async (wanted, http) => await http.RequestServices.GetRequiredService<MoneyForSales>().Hold(wanted));

    /// <summary>Holds money for sales that came together; what is answered as held is durable.</summary>
    public async Task<MoneyHeld[]> Hold(params HoldMoney[] wanted) => [.. (await _writer.Write(_hold, wanted)).Select(held => new MoneyHeld(ErrorMessage.Of(held.Error)))];

    /// <summary>What was taken goes back. A customer who is gone by then gets it paid out at once.</summary>
    protected override async Task GiveBack(ITransaction<CustomersDb> transaction, IReadOnlyList<MoneyHold> holds)
    {
        var tables = _tables(transaction);
        var (now, entries) = (_time.GetUtcNow().UtcDateTime, new List<LedgerEntry>());
        var (_, purses) = await tables.Lock([], Sums(holds.Where(h => h.CustomerId is not null).Select(h => (h.CustomerId!.Value, h.Amount!.Value)), now));
        foreach (var hold in holds)
        {
            if (hold is { CustomerId: { } customerId, Amount: { } amount })
            {
                var purse = purses[customerId];
                Move(purse, hold.State == HoldState.Returned ? MovementKind.Refund : MovementKind.Reversal, amount, hold.SaleId, now, entries);
                if (purse.Closed)
                {
                    Move(purse, MovementKind.Payout, amount, hold.SaleId, now, entries);
                }
            }
        }

        await tables.Keep([], entries, purses.Values, now);
    }

    protected override MoneyHold Tombstone(Guid saleId, DateTime now) => new() { SaleId = saleId, Fingerprint = "", State = HoldState.Voided, At = now, AskFrom = now };

    private async Task<IReadOnlyList<Result<Done>>> HoldAll(ITransaction<CustomersDb> transaction, IReadOnlyList<HoldMoney> wanted)
    {
        var tables = _tables(transaction);
        var now = _time.GetUtcNow().UtcDateTime;
        var (holds, purses) = await tables.Lock([.. wanted.Select(w => w.SaleId).Distinct().Order()], Sums(wanted.Select(w => (w.CustomerId, -w.Amount)), now));
        var (answers, kept, entries) = (new Result<Done>[wanted.Count], new List<MoneyHold>(wanted.Count), new List<LedgerEntry>(2 * wanted.Count));
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = holds.TryGetValue(wanted[i].SaleId, out var earlier) ? Again(earlier, wanted[i]) : Take(purses, wanted[i], now, entries);
            if (earlier is null && answers[i].Error is null)
            {
                kept.Add(HoldOf(wanted[i], now));
                holds.Add(wanted[i].SaleId, kept[^1]);
                transaction.Trail.Note(i, wanted[i].SaleId, Held, trace: wanted[i].Trace);
            }
        }

        await tables.Keep(kept, entries, purses.Values, now);
        return answers;
    }

    /// <summary>One change a customer, in the order in which wallets are locked.</summary>
    private static WantedChange[] Sums(IEnumerable<(Guid CustomerId, Money Change)> changes, DateTime now) =>
        [.. changes.GroupBy(c => c.CustomerId, c => c.Change).OrderBy(g => g.Key).Select(g => new WantedChange(g.Key, g.Aggregate(Money.Zero, (sum, c) => sum + c), now))];

    private static Result<Done> Again(MoneyHold earlier, HoldMoney wanted) =>
        earlier.State == HoldState.Voided ? ShopErrors.OrderAborted.With("This sale was given up before its money was held.")
        : earlier.Fingerprint != wanted.Fingerprint ? CommonErrors.IdempotencyKeyReused.With("The key was used for an order with other contents.")
        : default(Done);

    private Result<Done> Take(Dictionary<Guid, Purse> purses, HoldMoney wanted, DateTime now, List<LedgerEntry> entries)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(wanted.Amount.Minor, nameof(wanted));
        if (!purses.TryGetValue(wanted.CustomerId, out var purse) || purse.Closed)
        {
            return ShopErrors.CustomerNotFound.With("There is no such customer.");
        }

        if (purse.Balance < wanted.Amount)
        {
            return ShopErrors.InsufficientFunds.With($"There is less than {wanted.Amount} in the wallet.");
        }

        Move(purse, MovementKind.Purchase, wanted.Amount, wanted.SaleId, now, entries);
        return default(Done);
    }

    private void Move(Purse purse, MovementKind kind, Money amount, Guid saleId, DateTime now, List<LedgerEntry> entries)
    {
        purse.Change += Ledger.ChangeOf(kind, amount);
        entries.AddRange(_ledger.Entries(purse.CustomerId, kind, amount, saleId, purse.Balance, now));
    }

    private MoneyHold HoldOf(HoldMoney wanted, DateTime now) =>
        new() { SaleId = wanted.SaleId, Fingerprint = wanted.Fingerprint, At = now, AskFrom = now + _lease.Time, CustomerId = wanted.CustomerId, Amount = wanted.Amount };
}
