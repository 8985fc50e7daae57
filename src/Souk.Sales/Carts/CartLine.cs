namespace Souk.Sales.Carts;

/// <summary>So many of one product that a customer means to buy. It holds nothing; prices are those of the moment it is read.</summary>
internal sealed class CartLine
{
    public Guid CustomerId { get; init; }

    public long ProductId { get; init; }

    public int Quantity { get; set; }

    public DateTime AddedAt { get; init; }
}
