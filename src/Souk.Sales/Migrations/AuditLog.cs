using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Souk.Platform.Audit;

namespace Souk.Sales.Migrations;

/// <summary>The audit log.</summary>
[DbContext(typeof(SalesDb))]
[Migration("20261127270001_AuditLog")]
internal sealed class AuditLog : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => AuditTables.Create(migrationBuilder);
}
