using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Souk.Customers.Migrations;

/// <summary>Payments that the provider reports later.</summary>
[DbContext(typeof(CustomersDb))]
[Migration("20261127182231_Payments")]
internal sealed class Payments : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "payments",
            t => new
            {
                id = t.Column<Guid>(),
                customer_id = t.Column<Guid>(),
                amount = t.Column<long>(),
                status = t.Column<string>(),
                created_at = t.Column<DateTime>(),
                ended_at = t.Column<DateTime>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_payments", x => x.id));
        migrationBuilder.CreateIndex("ix_payments_customer_id_created_at", "payments", ["customer_id", "created_at"]);
    }
}
