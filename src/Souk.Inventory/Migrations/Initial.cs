using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Souk.Inventory.Search;
using Souk.Platform.Persistence;

namespace Souk.Inventory.Migrations;

/// <summary>Products, stock and holds.</summary>
[DbContext(typeof(InventoryDb))]
[Migration("20261121000001_Initial")]
internal sealed class Initial : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        PlatformTables.Create(migrationBuilder);
        CreateProducts(migrationBuilder);
        CreateSearch(migrationBuilder);
        CreateAdjustments(migrationBuilder);
        CreateHolds(migrationBuilder);
    }

    private static void CreateProducts(MigrationBuilder migration)
    {
        migration.CreateTable(
            "products",
            t => new
            {
                id = t.Identity(),
                sku = t.Column<string>(),
                name = t.Column<string>(),
                category = t.Column<string>(),
                price = t.Column<long>(),
                description = t.Column<string>(),
                available = t.Column<long>(),
                version = t.Column<int>(),
                created_at = t.Column<DateTime>(),
                updated_at = t.Column<DateTime>(),
                deleted_at = t.Column<DateTime>(nullable: true),
            },
            constraints: t =>
            {
                t.PrimaryKey("pk_products", x => x.id);
                t.CheckConstraint("ck_products_available", "available >= 0");
                t.CheckConstraint("ck_products_price", "price > 0");
            });
        migration.CreateIndex("ix_products_sku", "products", "sku", unique: true);
        migration.CreateIndex("ix_products_category_id", "products", ["category", "id"]);
        migration.CreateIndex("ix_products_name_id", "products", ["name", "id"]);
        migration.CreateIndex("ix_products_price_id", "products", ["price", "id"]);
    }

    private static void CreateSearch(MigrationBuilder migration)
    {
        if (migration.IsNpgsql())
        {
            PostgresSearch.Create(migration);
        }
        else
        {
            SqliteSearch.Create(migration);
        }
    }

    private static void CreateAdjustments(MigrationBuilder migration)
    {
        migration.CreateTable(
            "stock_adjustments",
            t => new
            {
                id = t.Identity(),
                product_id = t.Column<long>(),
                delta = t.Column<long>(),
                reason = t.Column<string>(),
                note = t.Column<string>(nullable: true),
                by = t.Column<Guid>(),
                available_after = t.Column<long>(),
                at = t.Column<DateTime>(),
            },
            constraints: t => t.PrimaryKey("pk_stock_adjustments", x => x.id));
        migration.CreateIndex("ix_stock_adjustments_product_id_id", "stock_adjustments", ["product_id", "id"]);
    }

    private static void CreateHolds(MigrationBuilder migration)
    {
        PlatformTables.CreateHolds(migration, "stock_holds");
        migration.AddColumn<string>("lines", "stock_holds", defaultValueSql: "'[]'");
    }
}
