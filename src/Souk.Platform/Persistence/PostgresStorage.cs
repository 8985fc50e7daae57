using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Souk.Platform.Persistence;

/// <summary>
/// PostgreSQL under a writer. Several instances write to one database: single writes of all of them take turns by an advisory lock,
/// so that each sees those before it; set writes find past each other by row locks in the order of keys. Two set writers at once
/// keep the database busy while one of them waits for the disk; more only wait for each other's rows.
/// </summary>
internal sealed class PostgresStorage<TDb>(IDbContextFactory<TDb> contexts, NpgsqlDataSource source, TimeProvider time) : IStorage<TDb>
    where TDb : ServiceDb
{
    private const int MostAsked = 20;
    private static readonly TimeSpan BetweenAsking = TimeSpan.FromMilliseconds(250);

    public int Writers => 2;

    public async Task<ITransaction<TDb>> BeginSingles()
    {
        var db = await contexts.CreateDbContextAsync();
        try
        {
            db.Database.AutoSavepointsEnabled = false;
            var open = await db.Database.BeginTransactionAsync();
            await db.Database.ExecuteSqlRawAsync(AdvisoryLocks.TakeTurn);
            var id = (await db.Database.SqlQueryRaw<string>("SELECT pg_current_xact_id()::text AS \"Value\"").ToListAsync())[0];
            return new Single(this, db, open, id);
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }

    public async Task<ITransaction<TDb>> BeginSets()
    {
        var connection = await source.OpenConnectionAsync();
        try
        {
            var open = await connection.BeginTransactionAsync();
            var sql = new PostgresSets(connection);
            sql.Do(AdvisoryLocks.BesideOthers);
            return new Sets(connection, open, sql);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public StorageFault FaultOf(Exception exception) => PostgresFaults.Of(exception);

    /// <summary>PostgreSQL itself tells what became of a transaction whose commit nobody answered (<c>pg_xact_status</c>).</summary>
    private async Task<bool> WasCommitted(string id)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var command = source.CreateCommand(string.Create(CultureInfo.InvariantCulture, $"SELECT pg_xact_status('{id}'::xid8)"));
                if (await command.ExecuteScalarAsync() is string status && status != "in progress")
                {
                    return status == "committed";
                }
            }
            catch (NpgsqlException) when (tries < MostAsked)
            {
                // It may be starting again.
            }

            if (tries >= MostAsked)
            {
                throw new TimeoutException("PostgreSQL does not say what became of a transaction.");
            }

            await Task.Delay(BetweenAsking, time);
        }
    }

    private sealed class Sets(NpgsqlConnection connection, NpgsqlTransaction open, PostgresSets sql) : ITransaction<TDb>
    {
        public TDb Db => throw new NotSupportedException("Set writes don't go through the model.");

        public SetSql Sql => sql;

        public ISet<string> Published { get; } = new HashSet<string>(StringComparer.Ordinal);

        public IList<Action> WhenCommitted { get; } = [];

        public async Task Commit()
        {
            await sql.Run();
            try
            {
                await open.CommitAsync();
            }
            catch (Exception e) when (PostgresFaults.Broken(e))
            {
                throw new OutcomeUnknownException(e);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await open.DisposeAsync();
            await connection.DisposeAsync();
        }
    }

    private sealed class Single(PostgresStorage<TDb> storage, TDb db, IDbContextTransaction open, string id) : ITransaction<TDb>
    {
        public TDb Db => db;

        public SetSql Sql => throw new NotSupportedException("Single writes go through the model.");

        public ISet<string> Published { get; } = new HashSet<string>(StringComparer.Ordinal);

        public IList<Action> WhenCommitted { get; } = [];

        public async Task Commit()
        {
            try
            {
                await open.CommitAsync();
            }
            catch (Exception e) when (PostgresFaults.Broken(e))
            {
                if (!await Resolved(e))
                {
                    throw new NpgsqlException("The transaction was lost with its connection.", e);
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            await open.DisposeAsync();
            await db.DisposeAsync();
        }

        private async Task<bool> Resolved(Exception broken)
        {
            try
            {
                return await storage.WasCommitted(id);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                throw new OutcomeUnknownException(broken);
            }
        }
    }
}

/// <summary>The advisory locks by which writers of all instances of a service meet.</summary>
public static class AdvisoryLocks
{
    /// <summary>Single writes: one transaction at a time.</summary>
    internal const string TakeTurn = "SELECT pg_advisory_xact_lock(7685, 1)";

    /// <summary>Set writes: any number at a time, unless somebody waits for all of them to be done.</summary>
    internal const string BesideOthers = "SELECT pg_advisory_xact_lock_shared(7685, 2)";

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

/// <summary>What PostgreSQL's errors mean to a writer (https://www.postgresql.org/docs/15/errcodes-appendix.html).</summary>
internal static class PostgresFaults
{
    public static StorageFault Of(Exception exception) => Find<PostgresException>(exception) is { } said
        ? said.SqlState switch
        {
            PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected => StorageFault.Again,

            // Two set writers did the same item; the second time, the one that lost finds what the other did.
            PostgresErrorCodes.UniqueViolation when exception is not DbUpdateException => StorageFault.Again,
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown => StorageFault.Again,
            PostgresErrorCodes.CannotConnectNow => StorageFault.Unavailable,
            var state when state.StartsWith("53", StringComparison.Ordinal) || state.StartsWith("58", StringComparison.Ordinal) => StorageFault.Unavailable,
            _ => StorageFault.Bug,
        }
        : Find<NpgsqlException>(exception) is { } failed
            ? failed.InnerException is System.Net.Sockets.SocketException { SocketErrorCode: System.Net.Sockets.SocketError.ConnectionRefused } ? StorageFault.Unavailable : StorageFault.Again
            : StorageFault.Bug;

    /// <summary>Whether the connection was lost, as against an error that the server told.</summary>
    public static bool Broken(Exception exception) =>
        Find<NpgsqlException>(exception) is { } failed
        && (failed is not PostgresException said || said.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown);

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is T found)
            {
                return found;
            }
        }

        return null;
    }
}
