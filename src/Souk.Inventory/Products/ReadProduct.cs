using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Inventory.Products;

/// <summary>Which product.</summary>
internal sealed class ProductPath
{
    /// <summary>The product's number.</summary>
    public required long Id { get; set; }
}

/// <summary>Reads one product.</summary>
internal static class ReadProduct
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapGet("/products/{id}", async (Params<ProductPath> at, InventoryDb db, HttpContext http) =>
            (await Run(db, at.Value.Id, http.RequestAborted)).OkWithETag(http))
        .WithTags("products").Allow(Access.Anyone).RememberOne()
        .Describe("Read a product", "The ETag is the version to send as `If-Match` with a change.")
        .Answers(200, ProductView.Example).Refuses(ShopErrors.ProductNotFound);

    public static async Task<Result<ProductView>> Run(InventoryDb db, long id, CancellationToken stop) =>
        await db.Products.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id && p.DeletedAt == null, stop) is { } product
            ? ProductView.Of(product)
            : ShopErrors.NoProduct(id);
}
