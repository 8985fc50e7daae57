using Microsoft.EntityFrameworkCore;
using Souk.Platform.Encryption;
using Souk.Platform.Persistence;
using Souk.Sales.Carts;
using Souk.Sales.Orders;
using Souk.Sales.Webhooks;

namespace Souk.Sales;

/// <summary>Sales' model and its constraints.</summary>
internal sealed class SalesDb(DbContextOptions<SalesDb> options) : ServiceDb(options)
{
    public DbSet<Decision> Decisions => Set<Decision>();

    public DbSet<Order> Orders => Set<Order>();

    public DbSet<OrderLine> OrderLines => Set<OrderLine>();

    public DbSet<CartLine> CartLines => Set<CartLine>();

    public DbSet<GoneCustomer> GoneCustomers => Set<GoneCustomer>();

    public DbSet<Webhook> Webhooks => Set<Webhook>();

    public DbSet<WebhookMessage> WebhookMessages => Set<WebhookMessage>();

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
        DescribeWebhooks(model);
    }

    private static void DescribeWebhooks(ModelBuilder model)
    {
        model.Entity<Webhook>(webhook =>
        {
            webhook.ToTable("webhooks").Property(w => w.Id).ValueGeneratedNever();
            webhook.Sealed(w => w.Secret);
        });
        model.Entity<WebhookMessage>(message =>
        {
            message.ToTable("webhook_messages").Property(m => m.Id).ValueGeneratedNever();
            message.HasIndex(m => new { m.WebhookId, m.EventId }).IsUnique();
            message.HasIndex(m => new { m.WebhookId, m.NextAt }).HasFilter("state = 'Pending'");
            message.HasIndex(m => m.CreatedAt);
        });
        DataKey.Describe(model);
    }
}
