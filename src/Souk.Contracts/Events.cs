using System.Globalization;
using Souk.Platform.Events;
using Souk.Platform.Values;

namespace Souk.Contracts;

/// <summary>A customer is gone; personal fields about them must go everywhere.</summary>
/// <param name="CustomerId">Who.</param>
public sealed record CustomerDeleted(Guid CustomerId) : IEvent
{
    /// <inheritdoc/>
    public string Subject => CustomerId.ToString();
}

/// <summary>A product's name, price or description changed.</summary>
/// <param name="ProductId">Which.</param>
/// <param name="Name">Its name now.</param>
/// <param name="Price">Its price now.</param>
public sealed record ProductChanged(long ProductId, string Name, Money Price) : IEvent
{
    /// <inheritdoc/>
    public string Subject => ProductId.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A product is no longer sold.</summary>
/// <param name="ProductId">Which.</param>
public sealed record ProductDeleted(long ProductId) : IEvent
{
    /// <inheritdoc/>
    public string Subject => ProductId.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Orders were placed: their sales were committed together, and one event tells of all of them.</summary>
/// <param name="Orders">The orders; at least one.</param>
public sealed record OrdersPlaced(IReadOnlyList<PlacedOrder> Orders) : IEvent
{
    /// <inheritdoc/>
    public string Subject => Orders[0].OrderId.ToString();
}

/// <summary>An order that was placed.</summary>
/// <param name="OrderId">The order, which is also the sale.</param>
/// <param name="Total">What it cost.</param>
/// <param name="At">When it was placed (UTC).</param>
public sealed record PlacedOrder(Guid OrderId, Money Total, DateTime At);

/// <summary>An order was cancelled: its money and stock go back.</summary>
/// <param name="OrderId">The order, which is also the sale.</param>
public sealed record OrderCancelled(Guid OrderId) : IEvent
{
    /// <inheritdoc/>
    public string Subject => OrderId.ToString();
}
