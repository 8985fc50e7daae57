using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Souk.Inventory.Migrations;

/// <summary>By what processes tell each other that products changed.</summary>
[DbContext(typeof(InventoryDb))]
[Migration("20261128280001_ProductChanges")]
internal sealed class ProductChanges : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "product_changes",
            t => new { writer = t.Column<Guid>(), number = t.Column<long>(), at = t.Column<DateTime>(nullable: true) },
            constraints: t => t.PrimaryKey("pk_product_changes", x => x.writer));
        migrationBuilder.Sql($"INSERT INTO product_changes (writer, number) VALUES ('{Guid.Empty}', 0)");
    }
}
