using Souk.Platform.Hosting;
using Souk.Platform.Values;

namespace Souk.Inventory.Products;

/// <summary>A product as the second contract shows it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Sku">The shop's own number for it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Category">What kind of thing it is.</param>
/// <param name="Price">What one costs.</param>
/// <param name="Description">What it is, in words.</param>
/// <param name="Available">How many can be bought now.</param>
/// <param name="Version">Counts up with each edit; also the ETag.</param>
/// <param name="CreatedAt">When it was added (UTC).</param>
/// <param name="UpdatedAt">When it was last edited (UTC).</param>
internal sealed record ProductView(
    long Id, string Sku, string Name, Category Category, Money Price, string Description, long Available, int Version, DateTime CreatedAt, DateTime UpdatedAt)
    : IVersioned
{
    public static readonly ProductView Example = new(
        12, "CLO-00003", "Green T-Shirt", Category.Clothes, new Money(1999), "A comfortable green t-shirt", 100, 1, new DateTime(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc), new DateTime(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc));

    public static ProductView Of(Product p) =>
        new(p.Id, p.Sku, p.Name, p.Category, p.Price, p.Description, p.Available, p.Version, p.CreatedAt, p.UpdatedAt);
}
