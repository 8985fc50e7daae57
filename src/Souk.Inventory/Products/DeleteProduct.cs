using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Platform.Values;

namespace Souk.Inventory.Products;

/// <summary>Takes a product out of the shop. The row stays, because orders, holds and adjustments refer to it.</summary>
internal sealed class DeleteProduct(GroupCommit<InventoryDb> writer, IdSource ids, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapDelete("/products/{id}", async (Params<ProductPath> at, DeleteProduct use) => (await use.Run(at.Value.Id)).NoContent())
        .WithTags("products").Allow(Access.Needs(Permissions.InventoryWrite))
        .Describe("Take a product out of the shop", "Nobody finds or buys it any more. Orders that have it stay as they are.")
        .Answers(204).Refuses(ShopErrors.ProductNotFound);

    public Task<Result<Done>> Run(long id) => writer.Write<Done>(async db =>
    {
        var product = await db.Products.SingleOrDefaultAsync(p => p.Id == id && p.DeletedAt == null);
        if (product is null)
        {
            return ShopErrors.NoProduct(id);
        }

        product.DeletedAt = product.UpdatedAt = time.GetUtcNow().UtcDateTime;
        db.Publish(new ProductDeleted(id), ids, time);
        return default(Done);
    });
}
