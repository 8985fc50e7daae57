using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Souk.Platform.Audit;

namespace Souk.Platform.Persistence;

/// <summary>
/// PostgreSQL under a writer. Several instances write to one database: single writes of all of them take turns by an advisory lock,
/// so that each sees those before it; set writes find past each other by row locks in the order of keys. One set writer an instance
/// makes the largest batches, and each is paid for once; a second one at its side would share them, and wait for its rows.
/// </summary>
internal sealed class PostgresStorage<TDb>(IDbContextFactory<TDb> contexts, NpgsqlDataSource source, TimeProvider time) : IStorage<TDb>
    where TDb : ServiceDb
{
    private const int MostAsked = 20;
    private static readonly TimeSpan BetweenAsking = TimeSpan.FromMilliseconds(250);

    public int Writers => 1;

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
            // It begins with the first statements and ends with the last ones, in their round trips.
            var sql = new PostgresSets(connection);
            sql.Do("BEGIN");
            sql.Ask(AdvisoryLocks.BesideOthers);
            return new Sets(connection, sql);
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

    private sealed class Sets(NpgsqlConnection connection, PostgresSets sql) : ITransaction<TDb>
    {
        public TDb Db => throw new NotSupportedException("Set writes don't go through the model.");

        public SetSql Sql => sql;

        public ISet<string> Published { get; } = new HashSet<string>(StringComparer.Ordinal);

        public IList<Action> WhenCommitted { get; } = [];

        public AuditTrail Trail { get; } = new();

        public Task Record(AuditBlock block)
        {
            sql.Do(AuditBlock.Insert, [block]);
            return Task.CompletedTask;
        }

        public async Task Commit()
        {
            sql.Do("COMMIT");
            try
            {
                await sql.Run();
            }
            catch (Exception e) when (PostgresFaults.Broken(e))
            {
                throw new OutcomeUnknownException(e);
            }
        }

        /// <summary>A connection that goes back to its pool inside a transaction rolls it back.</summary>
        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }

    private sealed class Single(PostgresStorage<TDb> storage, TDb db, IDbContextTransaction open, string id) : ITransaction<TDb>
    {
        public TDb Db => db;

        public SetSql Sql => throw new NotSupportedException("Single writes go through the model.");

        public ISet<string> Published { get; } = new HashSet<string>(StringComparer.Ordinal);

        public IList<Action> WhenCommitted { get; } = [];

        public AuditTrail Trail { get; } = new();

        public Task Record(AuditBlock block)
        {
            db.Add(block);
            return db.SaveChangesAsync();
        }

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
