using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Souk.Contracts;
using Souk.Inventory.Products;
using Souk.Inventory.Search;
using Souk.Inventory.Stock;
using Souk.Platform.Holds;
using Souk.Platform.Persistence;

namespace Souk.Inventory;

/// <summary>Inventory's model and its constraints.</summary>
internal sealed class InventoryDb(DbContextOptions<InventoryDb> options) : ServiceDb(options)
{
    public DbSet<Product> Products => Set<Product>();

    public DbSet<StockAdjustment> Adjustments => Set<StockAdjustment>();

    public DbSet<StockHold> Holds => Set<StockHold>();

    public DbSet<ProductChange> ProductChanges => Set<ProductChange>();

    /// <summary>The products in whose name or description each word begins a word, whatever its case and accents.</summary>
    public IQueryable<Product> Search(string words) => Database.IsNpgsql() ? PostgresSearch.Find(this, words) : SqliteSearch.Find(this, words);

    /// <summary>Notes that products changed, in the transaction of the change.</summary>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        // Stock that is changed by a statement comes with the adjustment that tells of it.
        if (ChangeTracker.Entries().Any(e => e is { Entity: Product or StockAdjustment, State: not EntityState.Unchanged }))
        {
            (await ProductChanges.SingleAsync(c => c.Writer == ProductChange.ByHand, cancellationToken)).Number++;
        }

        return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void Describe(ModelBuilder model)
    {
        model.Entity<Product>(product =>
        {
            product.ToTable("products", t =>
            {
                t.HasCheckConstraint("ck_products_available", "available >= 0");
                t.HasCheckConstraint("ck_products_price", "price > 0");
            });
            product.HasIndex(p => p.Sku).IsUnique();
            product.HasIndex(p => new { p.Category, p.Id });
            product.HasIndex(p => new { p.Name, p.Id });
            product.HasIndex(p => new { p.Price, p.Id });
            product.Property(p => p.Version).IsConcurrencyToken();
        });
        model.Entity<StockAdjustment>().ToTable("stock_adjustments").HasIndex(a => new { a.ProductId, a.Id });
        model.Entity<StockHold>().ToTable("stock_holds").Property(h => h.Lines).HasDefaultValueSql("'[]'")
            .HasConversion(lines => StockHold.ToJson(lines), json => StockHold.OfJson(json), ValueComparer.CreateDefault<List<HeldLine>>(favorStructuralComparisons: false));
        HoldModel.Describe<StockHold>(model);
        model.Entity<ProductChange>().HasKey(c => c.Writer);
    }
}
