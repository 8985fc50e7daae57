using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Souk.Platform.Encryption;

namespace Souk.Sales.Migrations;

/// <summary>The keys under which the secrets of webhooks are encrypted. They keep their column; what stands there is carried over.</summary>
[DbContext(typeof(SalesDb))]
[Migration("20261128133000_DataKeys")]
internal sealed class DataKeys : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => DataKey.Create(migrationBuilder);
}
