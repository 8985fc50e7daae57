using Souk.Platform.Values;

namespace Souk.Customers.Wallets;

/// <summary>One side of a movement of money. Entries are only ever added; those of one movement sum to zero.</summary>
internal sealed class LedgerEntry
{
    public long Id { get; init; }

    public Guid MovementId { get; init; }

    public LedgerAccount Account { get; init; }

    /// <summary>Whose wallet the movement is about.</summary>
    public Guid CustomerId { get; init; }

    /// <summary>What came to the account (positive) or left it (negative).</summary>
    public Money Amount { get; init; }

    public MovementKind Kind { get; init; }

    /// <summary>The sale that it is about, if it is about one; also the order.</summary>
    public Guid? SaleId { get; init; }

    /// <summary>What was in the wallet afterwards; null for the other accounts.</summary>
    public Money? BalanceAfter { get; init; }

    public DateTime At { get; init; }

    /// <summary>An account's name, as it is stored.</summary>
    public static string NameOf(LedgerAccount account) => Accounts[(int)account];

    /// <summary>A kind's name, as it is stored.</summary>
    public static string NameOf(MovementKind kind) => Kinds[(int)kind];

    private static readonly string[] Accounts = Enum.GetNames<LedgerAccount>();
    private static readonly string[] Kinds = Enum.GetNames<MovementKind>();
}

/// <summary>Where money is.</summary>
internal enum LedgerAccount
{
    /// <summary>In the customer's wallet.</summary>
    Wallet,

    /// <summary>With the payment provider.</summary>
    Provider,

    /// <summary>What the shop has earned.</summary>
    Sales,

    /// <summary>Corrections by hand.</summary>
    Adjustment,
}

/// <summary>Why money moves.</summary>
internal enum MovementKind
{
    /// <summary>The customer pays in.</summary>
    TopUp,

    /// <summary>The customer takes money out.</summary>
    Withdrawal,

    /// <summary>A sale takes its price.</summary>
    Purchase,

    /// <summary>A sale that was given up returns its price.</summary>
    Reversal,

    /// <summary>A cancelled order returns its price.</summary>
    Refund,

    /// <summary>An admin takes money out by hand.</summary>
    Deduction,

    /// <summary>What is left when the account is deleted, or comes after that.</summary>
    Payout,
}
