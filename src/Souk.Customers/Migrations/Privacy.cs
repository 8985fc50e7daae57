using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Souk.Customers.Migrations;

/// <summary>Exports with their pages, and erasures.</summary>
[DbContext(typeof(CustomersDb))]
[Migration("20261127281001_Privacy")]
internal sealed class Privacy : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        CreateExports(migrationBuilder);
        migrationBuilder.CreateTable(
            "erasures",
            t => new { id = t.Column<Guid>(), receipt_digest = t.Column<string>(), event_id = t.Column<long>(), started_at = t.Column<DateTime>() },
            constraints: t => t.PrimaryKey("pk_erasures", x => x.id));
        migrationBuilder.CreateIndex("ix_erasures_receipt_digest", "erasures", "receipt_digest", unique: true);
        migrationBuilder.CreateIndex("ix_erasures_started_at", "erasures", "started_at");
    }

    private static void CreateExports(MigrationBuilder migration)
    {
        migration.CreateTable(
            "exports",
            t => new
            {
                id = t.Column<Guid>(),
                customer_id = t.Column<Guid>(),
                status = t.Column<string>(),
                started_at = t.Column<DateTime>(),
                finished_at = t.Column<DateTime>(nullable: true),
                due_at = t.Column<DateTime>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_exports", x => x.id));
        migration.CreateIndex("ix_exports_customer_id", "exports", "customer_id");
        migration.CreateIndex("ix_exports_due_at", "exports", "due_at");
        migration.CreateIndex("ix_exports_finished_at", "exports", "finished_at");
        migration.CreateTable(
            "export_parts",
            t => new
            {
                export_id = t.Column<Guid>(),
                service = t.Column<string>(),
                done = t.Column<bool>(),
                pages = t.Column<int>(),
                after = t.Column<string>(nullable: true),
                failures = t.Column<int>(),
                problem = t.Column<string>(nullable: true),
            },
            constraints: t =>
            {
                t.PrimaryKey("pk_export_parts", x => new { x.export_id, x.service });
                t.ForeignKey("fk_export_parts_export", x => x.export_id, "exports", "id", onDelete: ReferentialAction.Cascade);
            });
        migration.CreateTable(
            "export_pages",
            t => new { export_id = t.Column<Guid>(), service = t.Column<string>(), number = t.Column<int>(), section = t.Column<string>(), items = t.Column<string>() },
            constraints: t =>
            {
                t.PrimaryKey("pk_export_pages", x => new { x.export_id, x.service, x.number });
                t.ForeignKey("fk_export_pages_export", x => x.export_id, "exports", "id", onDelete: ReferentialAction.Cascade);
            });
    }
}
