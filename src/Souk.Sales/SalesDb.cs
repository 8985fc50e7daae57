using Microsoft.EntityFrameworkCore;
using Souk.Platform.Persistence;
using Souk.Sales.Carts;
using Souk.Sales.Orders;

namespace Souk.Sales;

/// <summary>Sales' model and its constraints.</summary>
internal sealed class SalesDb(DbContextOptions<SalesDb> options) : ServiceDb(options)
{
    public DbSet<Decision> Decisions => Set<Decision>();

    public DbSet<Order> Orders => Set<Order>();

    public DbSet<OrderLine> OrderLines => Set<OrderLine>();

    public DbSet<CartLine> CartLines => Set<CartLine>();

    public DbSet<GoneCustomer> GoneCustomers => Set<GoneCustomer>();

    protected override void Describe(ModelBuilder model)
    {
        model.Entity<Decision>(decision =>
        {
            decision.ToTable("decisions").HasKey(d => d.SaleId);
            decision.Property(d => d.SaleId).ValueGeneratedNever();
        });
        model.Entity<Order>(order =>
        {
            order.ToTable("orders").Property(o => o.Id).ValueGeneratedNever();

            // A way to go in the model, but no foreign key in the database: a check of each line would cost every sale.
            order.HasMany(o => o.Lines).WithOne(l => l.Order).HasForeignKey(l => l.OrderId).HasAnnotation(Unenforced, true);
            order.HasIndex(o => new { o.CustomerId, o.PlacedAt });
            order.HasIndex(o => o.PlacedAt);
        });
        model.Entity<OrderLine>(line =>
        {
            line.ToTable("order_lines").HasIndex(l => l.OrderId);
            line.HasIndex(l => l.ProductId);
        });
        model.Entity<GoneCustomer>().ToTable("gone_customers").Property(c => c.Id).ValueGeneratedNever();
        model.Entity<CartLine>(line =>
        {
            line.ToTable("cart_lines").HasKey(l => new { l.CustomerId, l.ProductId });
            line.HasIndex(l => l.ProductId);
        });
    }
}
