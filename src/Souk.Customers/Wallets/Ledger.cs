using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Values;

namespace Souk.Customers.Wallets;

/// <summary>A movement of money as the second contract shows it.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Kind">Why the money moved.</param>
/// <param name="Amount">How much moved.</param>
/// <param name="Balance">What was in the wallet afterwards.</param>
/// <param name="At">When (UTC).</param>
internal sealed record Movement(Guid Id, MovementKind Kind, Money Amount, Money Balance, DateTime At)
{
    public static readonly Movement Example = new(
        Guid.Parse("01993e2a-0000-7000-8000-000000000002"), MovementKind.TopUp, new Money(5000), new Money(15000), new DateTime(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc));
}

/// <summary>The double-entry ledger: the only way by which money moves.</summary>
internal sealed class Ledger(IdSource ids, TimeProvider time)
{
    /// <summary>Moves money inside a write: the balance in one statement that can't take it below zero, then the entries.</summary>
    /// <param name="db">The model.</param>
    /// <param name="customerId">Whose wallet.</param>
    /// <param name="kind">Why; it says in which direction, and which account is the other side.</param>
    /// <param name="amount">How much; not negative.</param>
    /// <param name="saleId">The sale that it is about.</param>
    public async Task<Result<Movement>> Move(CustomersDb db, Guid customerId, MovementKind kind, Money amount, Guid? saleId = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount.Minor);
        var (comes, change) = (Sides(kind).Comes, ChangeOf(kind, amount));
        var now = time.GetUtcNow().UtcDateTime;
        var wallet = db.Wallets.Where(w => w.CustomerId == customerId);
        if (await Change(wallet, change, Most(kind) - change, now) == 0)
        {
            return !await wallet.AnyAsync() ? ShopErrors.CustomerNotFound.With("There is no such wallet.")
                : comes ? CustomersErrors.WalletFull.With($"A wallet holds at most {Money.Most}.")
                : ShopErrors.InsufficientFunds.With($"There is less than {amount} in the wallet.");
        }

        var balance = await wallet.Select(w => w.Balance).SingleAsync();
        var entries = Entries(customerId, kind, amount, saleId, balance, now);
        db.AddRange(entries);
        return new Movement(entries[0].MovementId, kind, amount, balance, now);
    }

    /// <summary>What a movement does to the wallet's balance.</summary>
    public static Money ChangeOf(MovementKind kind, Money amount) => Sides(kind).Comes ? amount : -amount;

    /// <summary>The two entries of a movement, which sum to zero.</summary>
    /// <param name="customerId">Whose wallet.</param>
    /// <param name="kind">Why.</param>
    /// <param name="amount">How much.</param>
    /// <param name="saleId">The sale that it is about.</param>
    /// <param name="balance">What is in the wallet afterwards.</param>
    /// <param name="now">When.</param>
    public LedgerEntry[] Entries(Guid customerId, MovementKind kind, Money amount, Guid? saleId, Money balance, DateTime now)
    {
        var (movement, change) = (ids.Next(), ChangeOf(kind, amount));
        return [Entry(LedgerAccount.Wallet, change, balance), Entry(Sides(kind).Other, -change, null)];

        LedgerEntry Entry(LedgerAccount account, Money comes, Money? balanceAfter) =>
            new() { MovementId = movement, Account = account, CustomerId = customerId, Amount = comes, Kind = kind, SaleId = saleId, BalanceAfter = balanceAfter, At = now };
    }

    private static Task<int> Change(IQueryable<Wallet> wallet, Money change, Money mostBefore, DateTime now)
    {
        var leastBefore = -change;
        return wallet.Where(w => w.Balance >= leastBefore && w.Balance <= mostBefore)
            .ExecuteUpdateAsync(s => s.SetProperty(w => w.Balance, w => w.Balance + change).SetProperty(w => w.UpdatedAt, now));
    }

    private static (bool Comes, LedgerAccount Other) Sides(MovementKind kind) => kind switch
    {
        MovementKind.TopUp => (true, LedgerAccount.Provider),
        MovementKind.Withdrawal or MovementKind.Payout => (false, LedgerAccount.Provider),
        MovementKind.Purchase => (false, LedgerAccount.Sales),
        MovementKind.Reversal or MovementKind.Refund => (true, LedgerAccount.Sales),
        MovementKind.Deduction => (false, LedgerAccount.Adjustment),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A movement needs two sides."),
    };

    /// <summary>The limit is for what people pay in. What a sale returns was theirs and always comes back.</summary>
    private static Money Most(MovementKind kind) => kind == MovementKind.TopUp ? Money.Most : new Money(long.MaxValue / 2);
}
