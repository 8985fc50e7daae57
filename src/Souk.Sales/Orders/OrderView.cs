using Souk.Platform.Values;

namespace Souk.Sales.Orders;

/// <summary>An order as the second contract shows it.</summary>
/// <param name="Id">The order.</param>
/// <param name="Username">Who bought; null once the customer is erased.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Total">What it cost.</param>
/// <param name="Lines">What was bought.</param>
/// <param name="PlacedAt">When (UTC).</param>
/// <param name="CancelledAt">When it was cancelled (UTC), if it was.</param>
internal sealed record OrderView(
    Guid Id, string? Username, OrderStatus Status, Money Total, IReadOnlyList<OrderLineView> Lines, DateTime PlacedAt, DateTime? CancelledAt)
{
    public static readonly OrderView Example = new(
        Guid.Parse("5b1f6c1e-94a2-4a51-8d3e-2f6f3a0c9b77"), "johndoe", OrderStatus.Confirmed, new Money(3998), [new OrderLineView(12, "Green T-Shirt", 2, new Money(1999), new Money(3998))], new DateTime(2026, 11, 21, 9, 30, 0, DateTimeKind.Utc), null);

    public static OrderView Of(Order o) => new(
        o.Id, o.Username, o.Status, o.Total, [.. o.Lines.OrderBy(l => l.ProductId).Select(l => new OrderLineView(l.ProductId, l.ProductName, l.Quantity, l.UnitPrice, l.Total))], o.PlacedAt, o.CancelledAt);
}

/// <summary>One line of an order.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="ProductName">Its name when it was bought.</param>
/// <param name="Quantity">How many.</param>
/// <param name="UnitPrice">Its price when it was bought.</param>
/// <param name="Total">What the line cost.</param>
internal sealed record OrderLineView(long ProductId, string ProductName, int Quantity, Money UnitPrice, Money Total);
