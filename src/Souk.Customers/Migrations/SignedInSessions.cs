using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Souk.Customers.Migrations;

/// <summary>Sessions, and when each password was set.</summary>
[DbContext(typeof(CustomersDb))]
[Migration("20261127175901_SignedInSessions")]
internal sealed class SignedInSessions : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<DateTime>("password_set_at", "customers", nullable: true);
        migrationBuilder.CreateTable(
            "sessions",
            t => new
            {
                id = t.Column<Guid>(),
                customer_id = t.Column<Guid>(),
                family_hash = t.Column<byte[]>(nullable: true),
                turn_hash = t.Column<byte[]>(nullable: true),
                started_at = t.Column<DateTime>(),
                factor_at = t.Column<DateTime>(nullable: true),
                used_at = t.Column<DateTime>(),
                ends_at = t.Column<DateTime>(),
                address = t.Column<string>(),
                agent = t.Column<string>(),
            },
            constraints: t =>
            {
                t.PrimaryKey("pk_sessions", x => x.id);
                t.ForeignKey("fk_sessions_customer", x => x.customer_id, "customers", "id", onDelete: ReferentialAction.Restrict);
            });
        migrationBuilder.CreateIndex("ix_sessions_customer_id_used_at", "sessions", ["customer_id", "used_at"]);
        migrationBuilder.CreateIndex("ix_sessions_ends_at", "sessions", "ends_at");
    }
}
