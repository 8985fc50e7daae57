using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Souk.Platform.Encryption;

namespace Souk.Customers.Migrations;

/// <summary>The keys under which personal fields are encrypted. The fields keep their columns; what stands there is carried over.</summary>
[DbContext(typeof(CustomersDb))]
[Migration("20261127281000_DataKeys")]
internal sealed class DataKeys : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => DataKey.Create(migrationBuilder);
}
