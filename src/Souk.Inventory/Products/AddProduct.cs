using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Inventory.Stock;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Platform.Values;

namespace Souk.Inventory.Products;

/// <summary>A product to be added.</summary>
internal sealed class NewProduct
{
    /// <summary>The shop's own number for it; made from the product's number when left out.</summary>
    [Text(1, 40, Pattern = "[A-Za-z0-9._-]+")]
    public string? Sku { get; set; }

    /// <summary>Its name.</summary>
    [Text(1, Product.NameMost)]
    public required string Name { get; set; }

    /// <summary>What kind of thing it is.</summary>
    public required Category Category { get; set; }

    /// <summary>What one costs.</summary>
    [Between(0, Product.PriceMost, MoreThanMin = true)]
    public required Money Price { get; set; }

    /// <summary>What it is, in words.</summary>
    [Text(0, Product.DescriptionMost, Multiline = true)]
    public required string Description { get; set; }

    /// <summary>How many there are to begin with.</summary>
    [Between(0, Product.StockMost)]
    public required long Stock { get; set; }
}

/// <summary>Adds a product, its first stock as an adjustment like any other.</summary>
internal sealed class AddProduct(GroupCommit<InventoryDb> writer, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPost("/products", async (Body<NewProduct> body, IdempotencyKey key, Caller caller, AddProduct use, HttpContext http) =>
            (await use.Run(body.Value, caller.Id, key)).CreatedWithETag(http, p => string.Create(CultureInfo.InvariantCulture, $"/api/v2/products/{p.Id}")))
        .WithTags("products").Allow(Access.Needs(Permissions.InventoryWrite))
        .Describe("Add a product", "The first stock becomes a stock adjustment with the reason `initial`.")
        .Takes(new NewProduct { Sku = "CLO-00003", Name = "Green T-Shirt", Category = Category.Clothes, Price = new Money(1999), Description = "A comfortable green t-shirt", Stock = 100 })
        .Answers(201, ProductView.Example)
        .Refuses(InventoryErrors.SkuTaken);

    public Task<Result<ProductView>> Run(NewProduct wanted, Guid by, IdempotencyKey? key)
    {
        var once = Once.For(Once.ScopeOf(by), key, "add-product", wanted);
        return writer.WriteOnce(once, db => Add(db, wanted, by));
    }

    private async Task<Result<ProductView>> Add(InventoryDb db, NewProduct wanted, Guid by)
    {
        if (wanted.Sku is { } sku && await db.Products.AnyAsync(p => p.Sku == sku))
        {
            return InventoryErrors.SkuTaken.With($"The sku '{sku}' belongs to another product.");
        }

        var now = time.GetUtcNow().UtcDateTime;
        var product = new Product
        {
            // A product without a sku gets its number's, which is known only after the insert; until then a unique stand-in.
            Sku = wanted.Sku ?? $"~{Guid.CreateVersion7(time.GetUtcNow()):N}",
            Name = wanted.Name,
            Category = wanted.Category,
            Price = wanted.Price,
            Description = wanted.Description,
            Available = wanted.Stock,
            CreatedAt = now,
            UpdatedAt = now,
        };
        db.Add(product);
        await db.SaveChangesAsync();
        if (wanted.Sku is null)
        {
            product.Sku = await FreeSku(db, product.Id);
        }

        db.Add(StockAdjustment.Of(product.Id, wanted.Stock, StockReason.Initial, null, by, wanted.Stock, now));
        return ProductView.Of(product);
    }

    /// <summary>The sku made of a product's number, with a suffix where somebody chose that one already.</summary>
    private static async Task<string> FreeSku(InventoryDb db, long id)
    {
        var made = string.Create(CultureInfo.InvariantCulture, $"P-{id:D6}");
        var sku = made;
        for (var n = 2; await db.Products.AnyAsync(p => p.Sku == sku); n++)
        {
            sku = string.Create(CultureInfo.InvariantCulture, $"{made}-{n}");
        }

        return sku;
    }
}
