using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Souk.Customers.Migrations;

/// <summary>The permission to move money in every wallet got another name; roles that have it keep it.</summary>
[DbContext(typeof(CustomersDb))]
[Migration("20261128133000_WalletPermission")]
internal sealed class WalletPermission : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("UPDATE roles SET granted = replace(granted, 'wallets:adjust', 'wallet:adjust')");
}
