using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
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
internal sealed partial class MoneyForSales : Participant<CustomersDb, MoneyHold>
{
    private readonly GroupCommit<CustomersDb> _writer;
    private readonly Func<ITransaction<CustomersDb>, IMoneyTables> _tables;
    private readonly Ledger _ledger;
    private readonly Lease _lease;
    private readonly TimeProvider _time;
    private readonly ILogger<MoneyForSales> _log;
    private readonly SetWrite<CustomersDb, HoldMoney, Done> _hold;

    public MoneyForSales(GroupCommit<CustomersDb> writer, Func<ITransaction<CustomersDb>, IMoneyTables> tables, Ledger ledger, Lease lease, TimeProvider time, ILogger<MoneyForSales> log)
        : base(writer, tables, time)
    {
        (_writer, _tables, _ledger, _lease, _time, _log) = (writer, tables, ledger, lease, time, log);
        _hold = new(HoldAll);
    }

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapInternal<List<HoldMoney>, MoneyHeld[]>("/internal/holds", async (wanted, http) =>
            await Task.WhenAll(wanted.Select(http.RequestServices.GetRequiredService<MoneyForSales>().Hold)));

    /// <summary>Holds money for one sale; the answer stands when it is durable.</summary>
    public async Task<MoneyHeld> Hold(HoldMoney wanted)
    {
        try
        {
            return new MoneyHeld(ErrorMessage.Of((await _writer.Write(_hold, wanted)).Error));
        }
        catch (Exception e)
        {
            // The others of its batch get their own answers.
            LogNotHeld(e, wanted.SaleId);
            return new MoneyHeld(ErrorMessage.Of(CommonErrors.DependencyUnavailable.With("It could not be held.")));
        }
    }

    /// <summary>What was taken goes back. A customer who is gone by then gets it paid out at once.</summary>
    protected override async Task GiveBack(ITransaction<CustomersDb> transaction, IReadOnlyList<MoneyHold> holds)
    {
        var tables = _tables(transaction);
        var (now, entries) = (_time.GetUtcNow().UtcDateTime, new List<LedgerEntry>());
        var (_, purses) = await tables.Lock([], [.. holds.Where(h => h.CustomerId is not null).Select(h => h.CustomerId!.Value).Distinct().Order()]);
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

        await tables.Keep([], entries, [.. purses.Values], now);
    }

    protected override MoneyHold Tombstone(Guid saleId, DateTime now) => new() { SaleId = saleId, Fingerprint = "", State = HoldState.Voided, At = now, AskFrom = now };

    private async Task<IReadOnlyList<Result<Done>>> HoldAll(ITransaction<CustomersDb> transaction, IReadOnlyList<HoldMoney> wanted)
    {
        var tables = _tables(transaction);
        var now = _time.GetUtcNow().UtcDateTime;
        var (holds, purses) = await tables.Lock([.. wanted.Select(w => w.SaleId).Distinct().Order()], [.. wanted.Select(w => w.CustomerId).Distinct().Order()]);
        var (answers, kept, entries) = (new Result<Done>[wanted.Count], new List<MoneyHold>(wanted.Count), new List<LedgerEntry>(2 * wanted.Count));
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = holds.TryGetValue(wanted[i].SaleId, out var earlier) ? Again(earlier, wanted[i]) : Take(purses, wanted[i], now, entries);
            if (earlier is null && answers[i].Error is null)
            {
                kept.Add(HoldOf(wanted[i], now));
                holds.Add(wanted[i].SaleId, kept[^1]);
            }
        }

        await tables.Keep(kept, entries, [.. purses.Values.Where(p => p.Change != Money.Zero)], now);
        return answers;
    }

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

    [LoggerMessage(Level = LogLevel.Error, Message = "The money of sale {SaleId} could not be held")]
    private partial void LogNotHeld(Exception e, Guid saleId);
}
