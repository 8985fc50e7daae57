using Souk.Platform.Values;

namespace Souk.Sales.Orders;

/// <summary>A sale that stands, or stood until it was cancelled. Its id is the sale's.</summary>
internal sealed class Order
{
    public const int LinesMost = 100;
    public const int QuantityMost = 1000;

    public Guid Id { get; init; }

    public Guid CustomerId { get; init; }

    /// <summary>The customer's handle when it was placed; null once the customer is erased.</summary>
    public string? Username { get; set; }

    public OrderStatus Status { get; private set; }

    public Money Total { get; init; }

    public DateTime PlacedAt { get; init; }

    public DateTime? CancelledAt { get; private set; }

    public List<OrderLine> Lines { get; init; } = [];

    /// <summary>Cancels it; its money and stock go back.</summary>
    public void Cancel(DateTime now)
    {
        if (Status == OrderStatus.Cancelled)
        {
            throw new InvalidOperationException($"Order {Id} is cancelled already.");
        }

        (Status, CancelledAt) = (OrderStatus.Cancelled, now);
    }
}

/// <summary>Where an order stands.</summary>
internal enum OrderStatus
{
    /// <summary>Paid, its stock taken.</summary>
    Confirmed,

    /// <summary>Taken back, its money and stock returned.</summary>
    Cancelled,
}

/// <summary>So many of one product, as they were bought. Its number is the purchase's on the first contract.</summary>
internal sealed class OrderLine
{
    public long Id { get; init; }

    public Guid OrderId { get; init; }

    public Order? Order { get; init; }

    public long ProductId { get; init; }

    public required string ProductName { get; init; }

    public int Quantity { get; init; }

    public Money UnitPrice { get; init; }

    public Money Total { get; init; }
}
