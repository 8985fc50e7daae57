using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Souk.Inventory.Stock;
using Souk.Platform.Errors;
using Souk.Platform.Persistence;
using Souk.Platform.Values;

namespace Souk.Inventory.Products;

/// <summary>Fills an empty shop at its first start, so that there is something to buy.</summary>
internal sealed class SampleProducts(IDbContextFactory<InventoryDb> contexts, GroupCommit<InventoryDb> writer, AdjustStock stock, TimeProvider time) : IHostedService
{
    private const int FirstStart = 320;
    private const int AtOnce = 1000;
    private const int Delivery = 1000;

    public async Task StartAsync(CancellationToken cancellationToken) =>
        _ = (await writer.Write<Done>(async db => await db.Products.AnyAsync(CancellationToken.None) ? default(Done) : await Add(db, SampleCatalogue.Take(FirstStart)))).Value;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Adds so many sample products to those there are, each with the stock that is given or, for 0, the catalogue's; reports how many it has added.</summary>
    public async Task Fill(int count, int stock, Action<int> added)
    {
        var there = (await writer.Write<int>(async db => await db.Products.CountAsync())).Value;
        foreach (var chunk in SampleCatalogue.Take(there + count).Skip(there).Select(p => stock == 0 ? p : p with { Stock = stock }).Chunk(AtOnce))
        {
            _ = (await writer.Write<Done>(db => Add(db, chunk))).Value;
            added(chunk.Length);
        }
    }

    /// <summary>The numbers of the products that are sold.</summary>
    public async Task<List<long>> Numbers()
    {
        await using var db = await contexts.CreateDbContextAsync();
        return await db.Products.Where(p => p.DeletedAt == null).Select(p => p.Id).ToListAsync();
    }

    /// <summary>Fills a shelf that was sold out.</summary>
    public async Task Deliver(long product) =>
        _ = (await stock.Run(product, new NewAdjustment { Delta = Delivery, Reason = StockReason.Received, Note = "Sample delivery" }, Guid.Empty, null)).Value;

    private async Task<Result<Done>> Add(InventoryDb db, IEnumerable<SampleProduct> samples)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var products = samples.Select(s => new Product
        {
            Sku = s.Sku,
            Name = s.Name,
            Category = Enum.Parse<Category>(s.Category, ignoreCase: true),
            Price = new Money(s.PriceMinor),
            Description = s.Description,
            Available = s.Stock,
            CreatedAt = now,
            UpdatedAt = now,
        }).ToList();
        db.AddRange(products);
        await db.SaveChangesAsync();
        db.AddRange(products.Select(p => StockAdjustment.Of(p.Id, p.Available, StockReason.Initial, "Sample catalogue", Guid.Empty, p.Available, now)));
        return default(Done);
    }
}
