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

/// <summary>A JSON Merge Patch (RFC 7396) of a product. Fields left out stay as they are; none can be removed.</summary>
internal sealed record ProductPatch
{
    /// <summary>The shop's own number for it.</summary>
    [Text(1, 40, Pattern = "[A-Za-z0-9._-]+")]
    public string? Sku { get; set; }

    /// <summary>Its name.</summary>
    [Text(1, Product.NameMost)]
    public string? Name { get; set; }

    /// <summary>What kind of thing it is.</summary>
    public Category? Category { get; set; }

    /// <summary>What one costs from now on; holds and orders keep the price they were made at.</summary>
    [Between(0, Product.PriceMost, MoreThanMin = true)]
    public Money? Price { get; set; }

    /// <summary>What it is, in words.</summary>
    [Text(0, Product.DescriptionMost, Multiline = true)]
    public string? Description { get; set; }
}

/// <summary>Changes a product's fields and tells the other services. Stock has its own operation.</summary>
internal sealed class ChangeProduct(GroupCommit<InventoryDb> writer, IdSource ids, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPatch("/products/{id}", async (Params<ProductPath> at, IfMatch match, Body<ProductPatch> body, ChangeProduct use, HttpContext http) =>
            (await use.Run(at.Value.Id, body.Value, match.Check)).OkWithETag(http))
        .WithTags("products").Allow(Access.Needs(Permissions.InventoryWrite))
        .Describe("Change a product", "A JSON Merge Patch. Stock is changed by stock adjustments. Other services see a new price within a second.")
        .Takes(new ProductPatch { Price = new Money(2499) })
        .Answers(200, ProductView.Example with { Price = new Money(2499), Version = 2 })
        .Refuses(ShopErrors.ProductNotFound, InventoryErrors.SkuTaken);

    /// <summary>Changes it.</summary>
    /// <param name="id">The product.</param>
    /// <param name="patch">What to change.</param>
    /// <param name="precondition">Refuses the change by the current version, or null for none.</param>
    public Task<Result<ProductView>> Run(long id, ProductPatch patch, Func<int, Error?>? precondition) => writer.Write(db => Change(db, id, patch, precondition, null));

    /// <summary>The first contract's update: fields and stock in one step, under no precondition.</summary>
    /// <param name="id">The product.</param>
    /// <param name="patch">What to change.</param>
    /// <param name="count">The stock to set, or null to leave it.</param>
    /// <param name="by">Who does it.</param>
    /// <param name="key">The Idempotency-Key. Without it a repetition that comes late sets the stock back to what it was before the sales in between.</param>
    public Task<Result<ProductView>> Run(long id, ProductPatch patch, long? count, Guid by, IdempotencyKey? key) =>
        writer.WriteOnce(Once.For(Once.ScopeOf(by), key, "update-good", id, patch, count), db => Change(db, id, patch, null, count is { } to ? (to, by) : null));

    private async Task<Result<ProductView>> Change(InventoryDb db, long id, ProductPatch patch, Func<int, Error?>? precondition, (long Count, Guid By)? stockTo)
    {
        var product = await db.Products.SingleOrDefaultAsync(p => p.Id == id && p.DeletedAt == null);
        if (product is null)
        {
            return ShopErrors.NoProduct(id);
        }

        if (precondition?.Invoke(product.Version) is { } outdated)
        {
            return outdated;
        }

        if (patch.Sku is { } sku && await db.Products.AnyAsync(p => p.Sku == sku && p.Id != id))
        {
            return InventoryErrors.SkuTaken.With($"The sku '{sku}' belongs to another product.");
        }

        if (patch != new ProductPatch())
        {
            Apply(db, product, patch);
        }

        if (stockTo is { } to)
        {
            await AdjustStock.SetTo(db, id, to.Count, to.By, time.GetUtcNow().UtcDateTime);
        }

        await db.SaveChangesAsync();
        return ProductView.Of(await db.Products.AsNoTracking().SingleAsync(p => p.Id == id));
    }

    private void Apply(InventoryDb db, Product product, ProductPatch patch)
    {
        product.Sku = patch.Sku ?? product.Sku;
        product.Name = patch.Name ?? product.Name;
        product.Category = patch.Category ?? product.Category;
        product.Price = patch.Price ?? product.Price;
        product.Description = patch.Description ?? product.Description;
        product.Version++;
        product.UpdatedAt = time.GetUtcNow().UtcDateTime;
        db.Publish(new ProductChanged(product.Id, product.Name, product.Price), ids, time);
    }
}
