using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Souk.Platform.Persistence;

namespace Souk.Customers.Migrations;

/// <summary>Accounts, wallets with their ledger, holds and signing keys.</summary>
[DbContext(typeof(CustomersDb))]
[Migration("20261121000001_Initial")]
internal sealed class Initial : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        PlatformTables.Create(migrationBuilder);
        CreateCustomers(migrationBuilder);
        CreateWallets(migrationBuilder);
        CreateLedger(migrationBuilder);
        CreateHolds(migrationBuilder);
        CreateSigningKeys(migrationBuilder);
    }

    private static void CreateCustomers(MigrationBuilder migration)
    {
        migration.CreateTable(
            "customers",
            t => new
            {
                id = t.Column<Guid>(),
                username = t.Column<string>(),
                username_key = t.Column<string>(nullable: true),
                name = t.Column<string>(),
                age = t.Column<int>(),
                address = t.Column<string>(),
                gender = t.Column<bool>(),
                marital_status = t.Column<string>(),
                role = t.Column<string>(),
                password_hash = t.Column<string>(),
                version = t.Column<int>(),
                created_at = t.Column<DateTime>(),
                updated_at = t.Column<DateTime>(),
                deleted_at = t.Column<DateTime>(nullable: true),
            },
            constraints: t =>
            {
                t.PrimaryKey("pk_customers", x => x.id);
                t.CheckConstraint("ck_customers_age", "age >= 0");
            });
        migration.CreateIndex("ix_customers_username_key", "customers", "username_key", unique: true);
        migration.CreateIndex("ix_customers_role_username_key", "customers", ["role", "username_key"]);
        migration.CreateIndex("ix_customers_marital_status_username_key", "customers", ["marital_status", "username_key"]);
    }

    private static void CreateWallets(MigrationBuilder migration) => migration.CreateTable(
        "wallets",
        t => new { customer_id = t.Column<Guid>(), balance = t.Column<long>(), updated_at = t.Column<DateTime>(), closed = t.Column<bool>(defaultValue: false) },
        constraints: t =>
        {
            t.PrimaryKey("pk_wallets", x => x.customer_id);
            t.CheckConstraint("ck_wallets_balance", "balance >= 0");
            t.ForeignKey("fk_wallets_customer", x => x.customer_id, "customers", "id", onDelete: ReferentialAction.Restrict);
        });

    private static void CreateLedger(MigrationBuilder migration)
    {
        migration.CreateTable(
            "ledger_entries",
            t => new
            {
                id = t.Identity(),
                movement_id = t.Column<Guid>(),
                account = t.Column<string>(),
                customer_id = t.Column<Guid>(),
                amount = t.Column<long>(),
                kind = t.Column<string>(),
                sale_id = t.Column<Guid>(nullable: true),
                balance_after = t.Column<long>(nullable: true),
                at = t.Column<DateTime>(),
            },
            constraints: t => t.PrimaryKey("pk_ledger_entries", x => x.id));
        migration.CreateIndex("ix_ledger_entries_customer_id_id", "ledger_entries", ["customer_id", "id"], filter: "account = 'Wallet'");
        migration.CreateIndex("ix_ledger_entries_sale_id", "ledger_entries", "sale_id", filter: "account = 'Wallet'");
    }

    private static void CreateHolds(MigrationBuilder migration)
    {
        PlatformTables.CreateHolds(migration, "money_holds");
        migration.AddColumn<Guid>("customer_id", "money_holds", nullable: true);
        migration.AddColumn<long>("amount", "money_holds", nullable: true);
    }

    private static void CreateSigningKeys(MigrationBuilder migration) => migration.CreateTable(
        "signing_keys",
        t => new { kid = t.Column<string>(), private_key = t.Column<byte[]>(), created_at = t.Column<DateTime>(), retired_at = t.Column<DateTime>(nullable: true) },
        constraints: t => t.PrimaryKey("pk_signing_keys", x => x.kid));
}
