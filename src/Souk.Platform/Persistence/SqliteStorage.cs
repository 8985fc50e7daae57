using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using Souk.Platform.Audit;

namespace Souk.Platform.Persistence;

/// <summary>SQLite under a writer. It takes one transaction at a time, so single writes and set writes take turns here, in the order in which they came.</summary>
internal sealed class SqliteStorage<TDb> : IStorage<TDb>, IDisposable
    where TDb : ServiceDb
{
    private readonly IDbContextFactory<TDb> _contexts;
    private readonly Func<SqliteConnection> _open;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly SqliteCheckpoints _checkpoints;
    private Kept? _kept;

    /// <summary>Makes it.</summary>
    /// <param name="contexts">The models of single writes.</param>
    /// <param name="path">The database's file.</param>
    /// <param name="open">Opens a connection that is not shared.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Told when the log is not carried over.</param>
    public SqliteStorage(IDbContextFactory<TDb> contexts, string path, Func<SqliteConnection> open, TimeProvider time, ILogger<SqliteCheckpoints> log)
    {
        (_contexts, _open) = (contexts, open);
        _checkpoints = new(path, open, _turn, time, log);
    }

    public int Writers => 1;

    public async Task<ITransaction<TDb>> BeginSingles()
    {
        await _turn.WaitAsync();
        TDb? db = null;
        try
        {
            db = await _contexts.CreateDbContextAsync();
            db.Database.AutoSavepointsEnabled = false;
            return new Single(this, db, await db.Database.BeginTransactionAsync());
        }
        catch
        {
            await (db?.DisposeAsync() ?? ValueTask.CompletedTask);
            _turn.Release();
            throw;
        }
    }

    public async Task<ITransaction<TDb>> BeginSets()
    {
        await _turn.WaitAsync();
        try
        {
            _kept ??= new Kept(_open());
            _kept.Sql.Do("BEGIN IMMEDIATE");
            return new Sets(this, _kept.Sql);
        }
        catch
        {
            Forget();
            _turn.Release();
            throw;
        }
    }

    public StorageFault FaultOf(Exception exception) => SqliteFaults.Of(exception);

    public void Dispose()
    {
        _checkpoints.Dispose();
        Forget();
        _turn.Dispose();
    }

    /// <summary>Lets the next one write.</summary>
    private void End()
    {
        _checkpoints.Note();
        _turn.Release();
    }

    /// <summary>After a failure the connection's state is not worth asking about.</summary>
    private void Forget()
    {
        _kept?.Dispose();
        _kept = null;
    }

    /// <summary>The connection of the set writes, kept for its prepared statements.</summary>
    private sealed class Kept(SqliteConnection connection) : IDisposable
    {
        public SqliteSets Sql { get; } = new(connection);

        public void Dispose()
        {
            Sql.Dispose();
            connection.Dispose();
        }
    }

    private sealed class Sets(SqliteStorage<TDb> storage, SqliteSets sql) : ITransaction<TDb>
    {
        private bool _committed;

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

        public Task Commit()
        {
            sql.Do("COMMIT");
            _committed = true;
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            if (!_committed)
            {
                storage.Forget();
            }

            storage.End();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Single(SqliteStorage<TDb> storage, TDb db, IDbContextTransaction open) : ITransaction<TDb>
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

        public Task Commit() => open.CommitAsync();

        public async ValueTask DisposeAsync()
        {
            try
            {
                await open.DisposeAsync();
                await db.DisposeAsync();
            }
            finally
            {
                storage.End();
            }
        }
    }
}

/// <summary>What SQLite's errors mean (https://www.sqlite.org/rescode.html).</summary>
internal static class SqliteFaults
{
    private const int Busy = 5;
    private const int IoError = 10;
    private const int Full = 13;
    private const int CantOpen = 14;

    public static StorageFault Of(Exception exception) =>
        (exception as SqliteException ?? exception.InnerException as SqliteException) is { SqliteErrorCode: Full or IoError or Busy or CantOpen } ? StorageFault.Unavailable : StorageFault.Bug;
}
