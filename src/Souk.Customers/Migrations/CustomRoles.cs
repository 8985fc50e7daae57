using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Souk.Customers.Migrations;

/// <summary>Roles as data, beginning with the three that every shop has; customers refer to them by name.</summary>
[DbContext(typeof(CustomersDb))]
[Migration("20261127181100_CustomRoles")]
internal sealed class CustomRoles : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "roles",
            t => new { name = t.Column<string>(), granted = t.Column<string>(), version = t.Column<int>(), created_at = t.Column<DateTime>(), updated_at = t.Column<DateTime>() },
            constraints: t => t.PrimaryKey("pk_roles", x => x.name));
        migrationBuilder.Sql("""
            INSERT INTO roles (name, granted, version, created_at, updated_at) VALUES
              ('customer', '', 1, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP),
              ('moderator', 'reviews:moderate', 1, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP),
              ('admin', '', 1, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)
            """);
        migrationBuilder.Sql("UPDATE customers SET role = lower(role)");
    }
}
