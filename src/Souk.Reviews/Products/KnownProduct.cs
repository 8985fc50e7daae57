using Microsoft.EntityFrameworkCore;
using Souk.Contracts;

namespace Souk.Reviews.Products;

/// <summary>What this service knows of one of Inventory's products: its name, and whether it is still sold.</summary>
internal sealed class KnownProduct
{
    public long Id { get; init; }

    public required string Name { get; set; }

    public bool Deleted { get; set; }

    /// <summary>
    /// Follows Inventory. What was never asked for is noted as well: otherwise an answer that was under way while the product
    /// changed would be noted after it, and stay wrong.
    /// </summary>
    public static async Task Follow(ReviewsDb db, ProductChanged e)
    {
        var product = await Noted(db, e.ProductId);
        product.Name = e.Name;
    }

    /// <summary>Follows Inventory. Reviews of the product stay; new ones are refused.</summary>
    public static async Task Follow(ReviewsDb db, ProductDeleted e)
    {
        var product = await Noted(db, e.ProductId);
        product.Deleted = true;
    }

    private static async Task<KnownProduct> Noted(ReviewsDb db, long id) =>
        await db.Products.SingleOrDefaultAsync(p => p.Id == id) ?? db.Add(new KnownProduct { Id = id, Name = "" }).Entity;
}
