using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Souk.Customers.Migrations;

/// <summary>Wrong guesses, password resets, disabled accounts.</summary>
[DbContext(typeof(CustomersDb))]
[Migration("20261127175902_GuessesAndResets")]
internal sealed class GuessesAndResets : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<DateTime>("disabled_at", "customers", nullable: true);
        migrationBuilder.CreateTable(
            "guesses",
            t => new { key = t.Column<string>(), count = t.Column<int>(), at = t.Column<DateTime>(), paused_until = t.Column<DateTime>(nullable: true) },
            constraints: t => t.PrimaryKey("pk_guesses", x => x.key));
        migrationBuilder.CreateIndex("ix_guesses_at", "guesses", "at");
        migrationBuilder.CreateTable(
            "password_resets",
            t => new { customer_id = t.Column<Guid>(), token_hash = t.Column<byte[]>(), made_at = t.Column<DateTime>(), ends_at = t.Column<DateTime>() },
            constraints: t =>
            {
                t.PrimaryKey("pk_password_resets", x => x.customer_id);
                t.ForeignKey("fk_password_resets_customer", x => x.customer_id, "customers", "id", onDelete: ReferentialAction.Restrict);
            });
        migrationBuilder.CreateIndex("ix_password_resets_token_hash", "password_resets", "token_hash", unique: true);
        migrationBuilder.CreateIndex("ix_password_resets_ends_at", "password_resets", "ends_at");
    }
}
