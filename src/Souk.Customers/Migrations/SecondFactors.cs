using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Souk.Customers.Migrations;

/// <summary>Authenticator apps, recovery codes, passkeys and the challenges to them; and which accounts have a second factor.</summary>
[DbContext(typeof(CustomersDb))]
[Migration("20261127180412_SecondFactors")]
internal sealed class SecondFactors : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<bool>("second_factor", "customers", defaultValue: false);
        CreateAuthenticators(migrationBuilder);
        CreateRecoveryCodes(migrationBuilder);
        CreatePasskeys(migrationBuilder);
        CreateChallenges(migrationBuilder);
    }

    private static void CreateAuthenticators(MigrationBuilder migration) => migration.CreateTable(
        "authenticators",
        t => new
        {
            customer_id = t.Column<Guid>(),
            secret = t.Column<byte[]>(),
            created_at = t.Column<DateTime>(),
            confirmed_at = t.Column<DateTime>(nullable: true),
            last_step = t.Column<long>(),
            tries = t.Column<int>(),
            blocked_until = t.Column<DateTime>(nullable: true),
        },
        constraints: t =>
        {
            t.PrimaryKey("pk_authenticators", x => x.customer_id);
            t.ForeignKey("fk_authenticators_customer", x => x.customer_id, "customers", "id", onDelete: ReferentialAction.Restrict);
        });

    private static void CreateRecoveryCodes(MigrationBuilder migration) => migration.CreateTable(
        "recovery_codes",
        t => new { customer_id = t.Column<Guid>(), hash = t.Column<byte[]>() },
        constraints: t =>
        {
            t.PrimaryKey("pk_recovery_codes", x => new { x.customer_id, x.hash });
            t.ForeignKey("fk_recovery_codes_customer", x => x.customer_id, "customers", "id", onDelete: ReferentialAction.Restrict);
        });

    private static void CreatePasskeys(MigrationBuilder migration)
    {
        migration.CreateTable(
            "passkeys",
            t => new
            {
                id = t.Column<Guid>(),
                customer_id = t.Column<Guid>(),
                credential_id = t.Column<byte[]>(),
                public_key = t.Column<byte[]>(),
                name = t.Column<string>(),
                sign_count = t.Column<long>(),
                transports = t.Column<string>(),
                is_backup_eligible = t.Column<bool>(),
                is_backed_up = t.Column<bool>(),
                created_at = t.Column<DateTime>(),
                used_at = t.Column<DateTime>(nullable: true),
            },
            constraints: t =>
            {
                t.PrimaryKey("pk_passkeys", x => x.id);
                t.ForeignKey("fk_passkeys_customer", x => x.customer_id, "customers", "id", onDelete: ReferentialAction.Restrict);
            });
        migration.CreateIndex("ix_passkeys_credential_id", "passkeys", "credential_id", unique: true);
        migration.CreateIndex("ix_passkeys_customer_id", "passkeys", "customer_id");
    }

    private static void CreateChallenges(MigrationBuilder migration)
    {
        migration.CreateTable(
            "passkey_challenges",
            t => new
            {
                id = t.Column<Guid>(),
                use = t.Column<string>(),
                customer_id = t.Column<Guid>(nullable: true),
                state = t.Column<string>(),
                expires_at = t.Column<DateTime>(),
            },
            constraints: t => t.PrimaryKey("pk_passkey_challenges", x => x.id));
        migration.CreateIndex("ix_passkey_challenges_expires_at", "passkey_challenges", "expires_at");
    }
}
