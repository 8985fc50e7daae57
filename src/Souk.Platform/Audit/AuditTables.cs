using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Souk.Platform.Persistence;

namespace Souk.Platform.Audit;

/// <summary>The tables of the audit log, which every service has.</summary>
public static class AuditTables
{
    private static readonly string[] Fixed = ["audit_blocks", "audit_seals"];

    /// <summary>Creates them. Rows of the log can be added, and cut off once they are old; the database itself refuses to change one.</summary>
    public static void Create(MigrationBuilder migration)
    {
        ArgumentNullException.ThrowIfNull(migration);
        migration.CreateTable(
            "audit_blocks",
            t => new { id = t.Identity(), written_at = t.Column<DateTime>(), entries = t.Column<string>() },
            constraints: t => t.PrimaryKey("pk_audit_blocks", x => x.id));
        migration.CreateTable(
            "audit_seals",
            t => new { last_block = t.Column<long>(), blocks = t.Column<string>(), previous = t.Column<string>(), hash = t.Column<string>(), sealed_at = t.Column<DateTime>() },
            constraints: t => t.PrimaryKey("pk_audit_seals", x => x.last_block));
        migration.CreateIndex("ix_audit_seals_sealed_at", "audit_seals", "sealed_at");
        migration.CreateTable(
            "witnessed_heads",
            t => new { service = t.Column<string>(), minute = t.Column<DateTime>(), last_block = t.Column<long>(), hash = t.Column<string>() },
            constraints: t => t.PrimaryKey("pk_witnessed_heads", x => new { x.service, x.minute }));
        foreach (var statement in migration.ActiveProvider?.Contains("Sqlite", StringComparison.Ordinal) == true ? Fixed.Select(RefuseOnSqlite) : Fixed.Select(RefuseOnPostgres).Prepend(Refusal).Append(Uncompressed))
        {
            migration.Sql(statement);
        }
    }

    internal static void Describe(ModelBuilder model)
    {
        model.Entity<AuditBlock>().ToTable("audit_blocks");
        model.Entity<AuditSeal>(seal =>
        {
            seal.ToTable("audit_seals").HasKey(s => s.LastBlock);
            seal.Property(s => s.LastBlock).ValueGeneratedNever();
            seal.HasIndex(s => s.SealedAt);
        });
        model.Entity<WitnessedHead>().ToTable("witnessed_heads").HasKey(h => new { h.Service, h.Minute });
    }

    private const string Refusal = "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;";

    /// <summary>A block is mostly identifiers, which hardly compress: trying would cost each sale more than the space is worth.</summary>
    private const string Uncompressed = "ALTER TABLE audit_blocks ALTER COLUMN entries SET STORAGE EXTERNAL";

    private static string RefuseOnSqlite(string table) => $"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;";

    private static string RefuseOnPostgres(string table) => $"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();";
}
