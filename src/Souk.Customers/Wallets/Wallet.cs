using Souk.Platform.Values;

namespace Souk.Customers.Wallets;

/// <summary>A customer's money in the shop: the sum of the wallet's ledger entries, kept beside them.</summary>
internal sealed class Wallet
{
    public Guid CustomerId { get; init; }

    /// <summary>It changes by the <see cref="Ledger"/>'s set-based statement only, never by read, change and write.</summary>
    public Money Balance { get; init; }

    public DateTime UpdatedAt { get; init; }

    /// <summary>Whether its customer is gone: nothing is bought from it any more.</summary>
    public bool Closed { get; init; }
}
