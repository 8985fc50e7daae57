using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Souk.Platform.Persistence;

namespace Souk.Sales.Migrations;

/// <summary>Decisions, orders and carts.</summary>
[DbContext(typeof(SalesDb))]
[Migration("20261121000001_Initial")]
internal sealed class Initial : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        PlatformTables.Create(migrationBuilder);
        CreateDecisions(migrationBuilder);
        CreateOrders(migrationBuilder);
        CreateCarts(migrationBuilder);
    }

    private static void CreateDecisions(MigrationBuilder migration) => migration.CreateTable(
        "decisions",
        t => new { sale_id = t.Column<Guid>(), outcome = t.Column<string>(), fingerprint = t.Column<string>(nullable: true), refusal = t.Column<string>(nullable: true), at = t.Column<DateTime>() },
        constraints: t => t.PrimaryKey("pk_decisions", x => x.sale_id));

    private static void CreateOrders(MigrationBuilder migration)
    {
        migration.CreateTable(
            "orders",
            t => new
            {
                id = t.Column<Guid>(),
                customer_id = t.Column<Guid>(),
                username = t.Column<string>(nullable: true),
                status = t.Column<string>(),
                total = t.Column<long>(),
                placed_at = t.Column<DateTime>(),
                cancelled_at = t.Column<DateTime>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_orders", x => x.id));
        migration.CreateIndex("ix_orders_customer_id_placed_at", "orders", ["customer_id", "placed_at"]);
        migration.CreateIndex("ix_orders_placed_at", "orders", "placed_at");
        migration.CreateTable(
            "order_lines",
            t => new
            {
                id = t.Identity(),
                order_id = t.Column<Guid>(),
                product_id = t.Column<long>(),
                product_name = t.Column<string>(),
                quantity = t.Column<int>(),
                unit_price = t.Column<long>(),
                total = t.Column<long>(),
            },
            constraints: t => t.PrimaryKey("pk_order_lines", x => x.id));
        migration.CreateIndex("ix_order_lines_order_id", "order_lines", "order_id");
        migration.CreateIndex("ix_order_lines_product_id", "order_lines", "product_id");
        migration.CreateTable("gone_customers", t => new { id = t.Column<Guid>() }, constraints: t => t.PrimaryKey("pk_gone_customers", x => x.id));
    }

    private static void CreateCarts(MigrationBuilder migration)
    {
        migration.CreateTable(
            "cart_lines",
            t => new { customer_id = t.Column<Guid>(), product_id = t.Column<long>(), quantity = t.Column<int>(), added_at = t.Column<DateTime>() },
            constraints: t => t.PrimaryKey("pk_cart_lines", x => new { x.customer_id, x.product_id }));
        migration.CreateIndex("ix_cart_lines_product_id", "cart_lines", "product_id");
    }
}
