using Souk.Platform.Values;

namespace Souk.Inventory.Products;

/// <summary>Something that the shop sells.</summary>
internal sealed class Product
{
    public const int NameMost = 100;
    public const int DescriptionMost = 255;
    public const double PriceMost = 1_000_000;
    public const int StockMost = 1_000_000_000;

    public long Id { get; init; }

    /// <summary>The shop's own number for it, unique among all products that ever were.</summary>
    public required string Sku { get; set; }

    public required string Name { get; set; }

    public required Category Category { get; set; }

    public required Money Price { get; set; }

    public required string Description { get; set; }

    /// <summary>How many can be bought now. It changes in set-based statements only, never by read, change and write.</summary>
    public long Available { get; init; }

    /// <summary>Counts up with each edit (not with stock); the ETag.</summary>
    public int Version { get; set; } = 1;

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; set; }

    /// <summary>When it was taken out of the shop; orders still refer to it.</summary>
    public DateTime? DeletedAt { get; set; }
}

/// <summary>What kind of thing a product is.</summary>
internal enum Category
{
    Food,
    Clothes,
    Accessories,
    Electronics,
}
