using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Inventory.Products;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Inventory.Stock;

/// <summary>A stock adjustment to be made.</summary>
internal sealed class NewAdjustment
{
    /// <summary>How many came (positive) or went (negative); not zero.</summary>
    [Between(-Product.StockMost, Product.StockMost)]
    public required long Delta { get; set; }

    /// <summary>Why.</summary>
    public required StockReason Reason { get; set; }

    /// <summary>What else is to be said.</summary>
    [Text(1, 255)]
    public string? Note { get; set; }
}

/// <summary>A stock adjustment as the second contract shows it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="ProductId">The product.</param>
/// <param name="Delta">How many came (positive) or went (negative).</param>
/// <param name="Reason">Why.</param>
/// <param name="Note">What else was said.</param>
/// <param name="By">The customer id of whoever did it.</param>
/// <param name="AvailableAfter">How many could be bought afterwards.</param>
/// <param name="At">When (UTC).</param>
internal sealed record AdjustmentView(long Id, long ProductId, long Delta, StockReason Reason, string? Note, Guid By, long AvailableAfter, DateTime At)
{
    public static readonly AdjustmentView Example = new(
        7, 12, 50, StockReason.Received, "Delivery 4711", Guid.Parse("01993e2a-0000-7000-8000-000000000001"), 150, new DateTime(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc));

    public static AdjustmentView Of(StockAdjustment a) => new(a.Id, a.ProductId, a.Delta, a.Reason, a.Note, a.By, a.AvailableAfter, a.At);
}

/// <summary>Changes stock by hand, in one statement that can't take it below zero.</summary>
internal sealed class AdjustStock(GroupCommit<InventoryDb> writer, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPost("/products/{id}/stock-adjustments", async (Params<ProductPath> at, Body<NewAdjustment> body, IdempotencyKey key, Caller caller, AdjustStock use) =>
            (await use.Run(at.Value.Id, body.Value, caller.Id, key)).Created(a => string.Create(CultureInfo.InvariantCulture, $"/api/v2/products/{a.ProductId}/stock-adjustments/{a.Id}")))
        .WithTags("stock").Allow(Access.Needs(Permissions.InventoryWrite))
        .Describe("Adjust stock", "Adds to or takes from what can be bought, with a reason. The adjustment is kept.")
        .Takes(new NewAdjustment { Delta = 50, Reason = StockReason.Received, Note = "Delivery 4711" })
        .Answers(201, AdjustmentView.Example)
        .Refuses(ShopErrors.ProductNotFound, InventoryErrors.StockBelowZero, InventoryErrors.StockTooLarge);

    public async Task<Result<AdjustmentView>> Run(long productId, NewAdjustment wanted, Guid by, IdempotencyKey? key) =>
        wanted.Delta == 0 ? Nothing : await writer.WriteOnce(Once.For(Once.ScopeOf(by), key, "adjust-stock", productId, wanted), db => Adjust(db, productId, wanted, by));

    /// <summary>Brings stock to a count, inside a write; what sales hold is not touched.</summary>
    public static async Task SetTo(InventoryDb db, long productId, long count, Guid by, DateTime now)
    {
        // No sale may come between this read and the statement after it.
        await db.HoldBackSales();
        var delta = count - await db.Products.Where(p => p.Id == productId).Select(p => p.Available).SingleAsync();
        if (delta != 0)
        {
            await db.Products.Where(p => p.Id == productId).ExecuteUpdateAsync(s => s.SetProperty(p => p.Available, p => p.Available + delta));
            db.Add(StockAdjustment.Of(productId, delta, StockReason.Counted, null, by, count, now));
        }
    }

    private static Error Nothing { get; } = CommonErrors.ValidationFailed.With("delta: Input should not be 0") with
    {
        Fields = [new FieldError(["body", "delta"], "not_zero", "Input should not be 0", 0)],
    };

    private async Task<Result<AdjustmentView>> Adjust(InventoryDb db, long productId, NewAdjustment wanted, Guid by)
    {
        var here = db.Products.Where(p => p.Id == productId && p.DeletedAt == null);
        var changed = await here.Where(p => p.Available + wanted.Delta >= 0 && p.Available + wanted.Delta <= Product.StockMost)
            .ExecuteUpdateAsync(s => s.SetProperty(p => p.Available, p => p.Available + wanted.Delta));
        if (changed == 0)
        {
            return !await here.AnyAsync() ? ShopErrors.NoProduct(productId)
                : wanted.Delta < 0 ? InventoryErrors.StockBelowZero.With($"Less than {-wanted.Delta} of product {productId} are in stock.")
                : InventoryErrors.StockTooLarge.With($"The stock of a product is at most {Product.StockMost}.");
        }

        var after = await here.Select(p => p.Available).SingleAsync();
        var adjustment = StockAdjustment.Of(productId, wanted.Delta, wanted.Reason, wanted.Note, by, after, time.GetUtcNow().UtcDateTime);
        db.Add(adjustment);
        await db.SaveChangesAsync();
        return AdjustmentView.Of(adjustment);
    }
}
