using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Holds;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;

namespace Souk.Inventory.Stock;

/// <summary>
/// Inventory's part in a sale: takes the stock of all lines or of none, and remembers it under the sale's id, so that a repeated
/// request gets the same answer.
/// </summary>
internal sealed partial class HoldStockForSale(GroupCommit<InventoryDb> writer, Lease lease, TimeProvider time, ILogger<HoldStockForSale> log)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapInternal<List<HoldStock>, StockHeld[]>("/internal/holds", async (wanted, http) =>
            await Task.WhenAll(wanted.Select(http.RequestServices.GetRequiredService<HoldStockForSale>().Run)));

    public async Task<StockHeld> Run(HoldStock wanted)
    {
        try
        {
            var held = await writer.Write(db => Hold(db, wanted));
            return held.Refused(out var error, out var lines) ? new StockHeld(null, ErrorMessage.Of(error)) : new StockHeld(lines, null);
        }
        catch (Exception e)
        {
            // The others of its batch get their own answers.
            LogNotHeld(e, wanted.SaleId);
            return new StockHeld(null, ErrorMessage.Of(CommonErrors.DependencyUnavailable.With("It could not be held.")));
        }
    }

    /// <summary>Gives back what a hold took.</summary>
    public static async Task GiveBack(InventoryDb db, StockHold hold, SaleOutcome outcome, IServiceProvider services)
    {
        foreach (var line in await db.HoldLines.AsNoTracking().Where(l => l.SaleId == hold.SaleId).OrderBy(l => l.ProductId).ToListAsync())
        {
            await db.Products.Where(p => p.Id == line.ProductId).ExecuteUpdateAsync(s => s.SetProperty(p => p.Available, p => p.Available + line.Quantity));
        }
    }

    private async Task<Result<IReadOnlyList<HeldLine>>> Hold(InventoryDb db, HoldStock wanted)
    {
        var earlier = await db.Holds.AsNoTracking().Include(h => h.Lines).SingleOrDefaultAsync(h => h.SaleId == wanted.SaleId);
        if (earlier is not null)
        {
            return Again(earlier, wanted);
        }

        var lines = new List<HeldLine>();

        // Two lines may name one product: they are one demand on it. The order by key is the same for all, so that writers
        // on a database with row locks never wait for each other in a circle.
        foreach (var demand in wanted.Lines.GroupBy(l => l.ProductId).OrderBy(g => g.Key).Select(g => (Id: g.Key, Quantity: g.Sum(l => l.Quantity))))
        {
            var line = await Take(db, demand.Id, demand.Quantity);
            if (line.Refused(out var error, out var taken))
            {
                return error;
            }

            lines.Add(taken);
        }

        Keep(db, wanted, lines);
        return lines;
    }

    private static Result<IReadOnlyList<HeldLine>> Again(StockHold earlier, HoldStock wanted) =>
        earlier.State == HoldState.Voided ? ShopErrors.OrderAborted.With("This sale was given up before its stock was held.")
        : earlier.Fingerprint != wanted.Fingerprint ? CommonErrors.IdempotencyKeyReused.With("The key was used for an order with other contents.")
        : earlier.Lines.ConvertAll(l => new HeldLine(l.ProductId, l.Name, l.Quantity, l.UnitPrice));

    private static async Task<Result<HeldLine>> Take(InventoryDb db, long id, int wanted)
    {
        // Of the column's own type, so that the query has no conversion for EF Core to evaluate at each call.
        long quantity = wanted;
        var product = await db.Products.AsNoTracking().Where(p => p.Id == id && p.DeletedAt == null).Select(p => new { p.Name, p.Price }).SingleOrDefaultAsync();
        if (product is null)
        {
            return ShopErrors.NoProduct(id);
        }

        var taken = await db.Products.Where(p => p.Id == id && p.Available >= quantity).ExecuteUpdateAsync(s => s.SetProperty(p => p.Available, p => p.Available - quantity));
        return taken == 1
            ? new HeldLine(id, product.Name, wanted, product.Price)
            : ShopErrors.OutOfStock.With($"There are not {quantity} of '{product.Name}' (product {id}) in stock.");
    }

    private void Keep(InventoryDb db, HoldStock wanted, List<HeldLine> lines)
    {
        var now = time.GetUtcNow();
        db.Add(new StockHold
        {
            SaleId = wanted.SaleId,
            Fingerprint = wanted.Fingerprint,
            At = now.UtcDateTime,
            AskFrom = (now + lease.Time).UtcDateTime,
            Lines = lines.ConvertAll(l => new StockHoldLine { SaleId = wanted.SaleId, ProductId = l.ProductId, Name = l.Name, Quantity = l.Quantity, UnitPrice = l.UnitPrice }),
        });
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The stock of sale {SaleId} could not be held")]
    private partial void LogNotHeld(Exception e, Guid saleId);
}
