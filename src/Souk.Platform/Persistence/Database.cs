using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Souk.Platform.Hosting;

namespace Souk.Platform.Persistence;

/// <summary>A service's storage: one SQLite file in the data folder.</summary>
public static class Database
{
    /// <summary>Registers the model, its single writer, and what brings the schema up to date before the service listens.</summary>
    /// <typeparam name="TDb">The service's model.</typeparam>
    public static IServiceCollection AddDatabase<TDb>(this IServiceCollection services)
        where TDb : ServiceDb
    {
        services.AddPooledDbContextFactory<TDb>((provider, options) => Configure(options, provider.GetRequiredService<SoukSettings>(), provider.GetRequiredService<ServiceName>()));
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<TDb>>().CreateDbContext());
        services.AddSingleton<IStorage<TDb>, SqliteStorage<TDb>>();
        services.AddSingleton(new Jitter(Environment.ProcessId));
        services.AddSingleton<GroupCommit<TDb>>();
        services.AddHostedService<BringUpToDate<TDb>>();
        return services;
    }

    private static void Configure(DbContextOptionsBuilder options, SoukSettings settings, ServiceName service)
    {
        var connection = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(settings.Data, $"{service.Name}.db"),
            ForeignKeys = true,
            Cache = SqliteCacheMode.Private,
        };
        options.UseSqlite(connection.ToString());
        options.AddInterceptors(DurableSqlite.Instance);

        // Migrations are written by hand, without the scaffolder's snapshot that this warning compares with; a test compares instead.
        options.ConfigureWarnings(w => w.Ignore(RelationalEventId.PendingModelChangesWarning));
    }

    /// <summary>
    /// Sets on each connection what SQLite forgets when it closes: a commit waits for the disk, and what is deleted is overwritten
    /// in the file, so that erasing a customer leaves nothing to be read there.
    /// </summary>
    private sealed class DurableSqlite : DbConnectionInterceptor
    {
        public static readonly DurableSqlite Instance = new();

        private static readonly object Done = new();
        private static readonly ConditionalWeakTable<object, object> Known = [];

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Set(connection);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Set(connection);
            return Task.CompletedTask;
        }

        private static void Set(DbConnection connection)
        {
            // A pooled connection comes back with what was set before.
            if (!Known.TryAdd(((SqliteConnection)connection).Handle!, Done))
            {
                return;
            }

            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;";
            command.ExecuteNonQuery();
        }
    }
}

/// <summary>Creates or migrates the database before the service listens.</summary>
internal sealed class BringUpToDate<TDb>(IDbContextFactory<TDb> contexts, SoukSettings settings, ServiceName service, TimeProvider time) : IHostedService
    where TDb : ServiceDb
{
    private const int MostTries = 600;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);

        // Asking first spares the usual start the wait for its turn.
        if ((await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
        {
            using var turn = await Turn(cancellationToken);

            // EF Core's own lock is a row that outlives a killed process, and its next start would wait for it for ever. The
            // turn taken here ends with its process, so a row that stands now is a dead one's.
            await db.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\";", cancellationToken);
            await db.Database.MigrateAsync(cancellationToken);
        }

        // Write-ahead logging lets readers and the writer work side by side; the file remembers the mode.
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL;", cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

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
}
