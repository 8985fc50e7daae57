using Souk.Platform.Values;

namespace Souk.Sales.Carts;

/// <summary>A cart with the prices of this moment.</summary>
/// <param name="Username">Whose it is.</param>
/// <param name="Lines">What is in it; products that are not sold any more are left out.</param>
/// <param name="Total">What it would cost now.</param>
internal sealed record CartView(string Username, IReadOnlyList<CartLineView> Lines, Money Total)
{
    public static readonly CartView Example = new("johndoe", [new CartLineView(12, "Green T-Shirt", 2, new Money(1999), new Money(3998))], new Money(3998));

    public static CartView Of(string username, IEnumerable<CartLine> lines, Dictionary<long, CachedProduct> products)
    {
        var shown = lines.Where(l => products.ContainsKey(l.ProductId)).OrderBy(l => l.AddedAt).ThenBy(l => l.ProductId)
            .Select(l => (Line: l, Product: products[l.ProductId]))
            .Select(x => new CartLineView(x.Line.ProductId, x.Product.Name, x.Line.Quantity, x.Product.Price, x.Product.Price * x.Line.Quantity))
            .ToArray();
        return new CartView(username, shown, shown.Aggregate(Money.Zero, (sum, l) => sum + l.Total));
    }
}

/// <summary>One line of a cart.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="ProductName">Its name.</param>
/// <param name="Quantity">How many.</param>
/// <param name="UnitPrice">Its price now.</param>
/// <param name="Total">What the line would cost now.</param>
internal sealed record CartLineView(long ProductId, string ProductName, int Quantity, Money UnitPrice, Money Total);
