using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.EntityFrameworkCore.Migrations.Operations.Builders;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace Souk.Platform.Persistence;

/// <summary>Creates the tables that every service has; each service's first migration calls it.</summary>
public static class PlatformTables
{
    /// <summary>Creates them.</summary>
    public static void Create(MigrationBuilder migration)
    {
        ArgumentNullException.ThrowIfNull(migration);
        migration.CreateTable(
            "outbox",
            t => new { id = t.Identity(), event_id = t.Column<Guid>(), subject = t.Column<string>(), type = t.Column<string>(), payload = t.Column<string>(), at = t.Column<DateTime>() },
            constraints: t => t.PrimaryKey("pk_outbox", x => x.id));
        migration.CreateTable(
            "deliveries",
            t => new { subscriber = t.Column<string>(), last_id = t.Column<long>() },
            constraints: t => t.PrimaryKey("pk_deliveries", x => x.subscriber));
        migration.CreateTable(
            "seen_events",
            t => new { event_id = t.Column<Guid>(), at = t.Column<DateTime>() },
            constraints: t => t.PrimaryKey("pk_seen_events", x => x.event_id));
        migration.CreateIndex("ix_seen_events_at", "seen_events", "at");
        migration.CreateTable(
            "kept_answers",
            t => new
            {
                scope = t.Column<string>(),
                key = t.Column<string>(),
                fingerprint = t.Column<string>(),
                value = t.Column<string>(nullable: true),
                refusal = t.Column<string>(nullable: true),
                at = t.Column<DateTime>(),
            },
            constraints: t => t.PrimaryKey("pk_kept_answers", x => new { x.scope, x.key }));
        migration.CreateIndex("ix_kept_answers_at", "kept_answers", "at");
    }

    /// <summary>Creates a participant's table of holds.</summary>
    /// <param name="migration">The migration.</param>
    /// <param name="table">The table's name.</param>
    public static void CreateHolds(MigrationBuilder migration, string table)
    {
        ArgumentNullException.ThrowIfNull(migration);
        migration.CreateTable(
            table,
            t => new { sale_id = t.Column<Guid>(), fingerprint = t.Column<string>(), state = t.Column<string>(), at = t.Column<DateTime>(), ask_from = t.Column<DateTime>() },
            constraints: t => t.PrimaryKey($"pk_{table}", x => x.sale_id));
        migration.CreateIndex($"ix_{table}_ask_from", table, "ask_from", filter: "state = 'Held'");
    }

    /// <summary>A 64-bit key that the database counts up, on SQLite and on PostgreSQL alike; numbers are never used twice.</summary>
    public static OperationBuilder<AddColumnOperation> Identity(this ColumnsBuilder columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return columns.Column<long>().Annotation("Sqlite:Autoincrement", true).Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn);
    }
}
