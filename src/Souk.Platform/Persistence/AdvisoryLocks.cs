using Microsoft.EntityFrameworkCore;

namespace Souk.Platform.Persistence;

/// <summary>The advisory locks by which writers of all instances of a service meet.</summary>
public static class AdvisoryLocks
{
    /// <summary>Single writes: one transaction at a time.</summary>
    internal const string TakeTurn = "SELECT pg_advisory_xact_lock(7685, 1)";

    /// <summary>Set writes: any number at a time, unless somebody waits for all of them to be done.</summary>
    internal const string BesideOthers = "SELECT pg_advisory_xact_lock_shared(7685, 2)";

    /// <summary>Migrations: one instance at a time.</summary>
    internal const string Migrate = "SELECT pg_advisory_lock(7685, 3)";

    /// <summary>The next instance's turn.</summary>
    internal const string Migrated = "SELECT pg_advisory_unlock(7685, 3)";

    private const string WaitForOthers = "SELECT pg_advisory_xact_lock(7685, 2)";

    /// <summary>
    /// Inside a single write: lets the set writes under way end and holds new ones back until this transaction ends, for the few
    /// writes that a sale must not run beside. Where there is one writer anyway it does nothing.
    /// </summary>
    public static Task HoldBackSales(this ServiceDb db)
    {
        ArgumentNullException.ThrowIfNull(db);
        return db.Database.IsNpgsql() ? db.Database.ExecuteSqlRawAsync(WaitForOthers) : Task.CompletedTask;
    }
}
