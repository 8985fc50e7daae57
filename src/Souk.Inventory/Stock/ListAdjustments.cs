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

namespace Souk.Inventory.Stock;

/// <summary>Whose adjustments, and which page.</summary>
internal sealed class AdjustmentQuery : PageQuery
{
    /// <summary>The product's number.</summary>
    public required long Id { get; set; }
}

/// <summary>Lists a product's stock adjustments, the newest first.</summary>
internal static class ListAdjustments
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapGet("/products/{id}/stock-adjustments", async (Params<AdjustmentQuery> query, InventoryDb db, HttpContext http) => (await Run(db, query.Value, http.RequestAborted)).Ok())
        .WithTags("stock").Allow(Access.Needs(Permissions.InventoryWrite))
        .Describe("List stock adjustments", "The newest first. Sales are not among them: they hold stock instead.")
        .Answers(200, new Page<AdjustmentView>([AdjustmentView.Example], null))
        .Refuses(ShopErrors.ProductNotFound);

    private static async Task<Result<Page<AdjustmentView>>> Run(InventoryDb db, AdjustmentQuery query, CancellationToken stop)
    {
        if (Paging.Read<Key>(query.After).Refused(out var wrong, out var after))
        {
            return wrong;
        }

        if (!await db.Products.AnyAsync(p => p.Id == query.Id, stop))
        {
            return ShopErrors.NoProduct(query.Id);
        }

        var rows = await db.Adjustments.AsNoTracking().Where(a => a.ProductId == query.Id && (after == null || a.Id < after.Id))
            .OrderByDescending(a => a.Id).Take(query.Limit + 1).ToListAsync(stop);
        return Paging.Of(rows, query.Limit, AdjustmentView.Of, a => new Key(a.Id));
    }

    private sealed record Key(long Id);
}
