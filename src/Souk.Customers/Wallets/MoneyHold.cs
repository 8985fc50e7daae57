using Souk.Platform.Holds;
using Souk.Platform.Values;

namespace Souk.Customers.Wallets;

/// <summary>The money that a sale has taken.</summary>
internal sealed class MoneyHold : Hold
{
    /// <summary>Who paid; null in a tombstone.</summary>
    public Guid? CustomerId { get; init; }

    /// <summary>How much; null in a tombstone.</summary>
    public Money? Amount { get; init; }
}
