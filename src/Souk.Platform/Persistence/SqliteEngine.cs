using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;
using Souk.Platform.Encryption;
using Souk.Platform.Hosting;

namespace Souk.Platform.Persistence;

/// <summary>One SQLite file a service, in the data folder.</summary>
internal sealed class SqliteEngine(SoukSettings settings, EncryptingSqlite encryption, ServiceName service, TimeProvider time, ILogger<SqliteCheckpoints> log) : Engine
{
    private const int MostTries = 600;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    public override void Configure(DbContextOptionsBuilder options)
    {
        options.UseSqlite(Where(pooling: true));
        options.AddInterceptors(new DurableConnections(encryption));
    }

    public override StorageFault FaultOf(Exception exception) => SqliteFaults.Of(exception);

    /// <inheritdoc/>
    public override IStorage<TDb> Storage<TDb>(IDbContextFactory<TDb> contexts) => new SqliteStorage<TDb>(contexts, File, OpenOwn, time, log);

    /// <summary>A connection that is not shared, so that closing it ends whatever it was in.</summary>
    private SqliteConnection OpenOwn()
    {
        var connection = new SqliteConnection(Where(pooling: false));
        try
        {
            connection.Open();
            DurableConnections.Set(connection, encryption);

            // The writer meets pages all over the file: it keeps them (up to 64 MB).
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA cache_size = -65536; PRAGMA busy_timeout = 10000;";
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private string File => Path.Combine(settings.Data, $"{service.Name}.db");

    private string Where(bool pooling) => new SqliteConnectionStringBuilder
    {
        DataSource = File,
        ForeignKeys = true,
        Cache = SqliteCacheMode.Private,
        Pooling = pooling,
    }.ToString();

    public override async Task BringUpToDate(ServiceDb db, CancellationToken stop)
    {
        try
        {
            await Migrate(db, stop);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == EncryptingSqlite.NotADatabase)
        {
            throw new SettingException($"{File} can't be read: it is encrypted under another Souk:DatabaseKey, or it is not encrypted and one is set.");
        }
    }

    private async Task Migrate(ServiceDb db, CancellationToken stop)
    {
        // Asking first spares the usual start the wait for its turn.
        if ((await db.Database.GetPendingMigrationsAsync(stop)).Any())
        {
            using var turn = await Turn(stop);

            // EF Core's own lock is a row that outlives a killed process, and its next start would wait for it for ever. The
            // turn taken here ends with its process, so a row that stands now is a dead one's.
            await db.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\";", stop);
            await db.Database.MigrateAsync(stop);
        }

        // Write-ahead logging lets readers and the writer work side by side; the file remembers the mode. What a migration wrote, or a
        // process that was killed, is carried over now if nobody else has the file open: the writer sees to its own writes only.
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL; PRAGMA wal_checkpoint(TRUNCATE);", stop);
    }

    /// <summary>One transaction writes at a time, so that numbers appear in their order.</summary>
    public override async Task<long> LastComplete(ServiceDb db, string table, TimeProvider time, CancellationToken stop)
    {
        var last = $"SELECT COALESCE(MAX(id), 0) AS \"Value\" FROM {table}";
#pragma warning disable EF1002 // Tables are named by the platform.
        return (await db.Database.SqlQueryRaw<long>(last).ToListAsync(stop))[0];
#pragma warning restore EF1002
    }

    /// <summary>Waits until no other process migrates this database.</summary>
    private async Task<FileStream> Turn(CancellationToken stop)
    {
        var path = Path.Combine(settings.Data, $"{service.Name}.migrating");
        for (var tries = 0; ; tries++)
        {
            try
            {
                return new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None });
            }
            catch (IOException e) when (tries >= MostTries)
            {
                throw new SettingException($"{path} is held by another process that migrates the database: {e.Message}");
            }
            catch (IOException)
            {
                await Task.Delay(BetweenTries, time, stop);
            }
        }
    }

    /// <summary>
    /// Sets on each connection what SQLite forgets when it closes: the key of an encrypted file; that a commit waits for the disk; that
    /// what is deleted is overwritten in the file, so that erasing a customer leaves nothing to be read there; and that the log is not
    /// carried over by whoever finds it long (<see cref="SqliteCheckpoints"/> does).
    /// </summary>
    private sealed class DurableConnections(EncryptingSqlite encryption) : DbConnectionInterceptor
    {
        private static readonly object Done = new();
        private static readonly ConditionalWeakTable<object, object> Known = [];

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Set(connection, encryption);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Set(connection, encryption);
            return Task.CompletedTask;
        }

        public static void Set(DbConnection connection, EncryptingSqlite encryption)
        {
            // A pooled connection comes back with what was set before.
            if (!Known.TryAdd(((SqliteConnection)connection).Handle!, Done))
            {
                return;
            }

            using var command = connection.CreateCommand();
            command.CommandText = encryption.Prelude + "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 0;";
            command.ExecuteNonQuery();
        }
    }
}
