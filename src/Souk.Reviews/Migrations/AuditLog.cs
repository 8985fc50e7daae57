using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Souk.Platform.Audit;

namespace Souk.Reviews.Migrations;

/// <summary>The audit log.</summary>
[DbContext(typeof(ReviewsDb))]
[Migration("20261127270001_AuditLog")]
internal sealed class AuditLog : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => AuditTables.Create(migrationBuilder);
}
