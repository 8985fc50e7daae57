using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using Souk.Platform.Hosting;

namespace Souk.Platform.Persistence;

/// <summary>One PostgreSQL database a service; several instances of the service may share it.</summary>
internal sealed class PostgresEngine : Engine, IAsyncDisposable
{
    /// <summary>
    /// A set statement names its rows by key, a batch at a time. One plan does for every batch, and it goes by the index: a plan that
    /// reads the whole table because it is still small would be kept when it has grown.
    /// </summary>
    private const string ByKey = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off";

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Prepared statements are planned anew for the values at hand: a search is answered differently for a rare word and for a common
    /// one, and planning costs less than being wrong once.
    /// </summary>
    private const string PlanForValues = "-c plan_cache_mode=force_custom_plan";

    /// <summary>
    /// A transaction of a machine that has vanished without a word keeps its locks until the server notices: by these, within half a
    /// minute. Otherwise the other instances would wait for it for hours.
    /// </summary>
    private const string EndOrphans = "-c idle_in_transaction_session_timeout=30s -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

    private readonly string _setting;
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource _sets;
    private readonly TimeProvider _time;

    public PostgresEngine(SoukSettings settings, ServiceName service, TimeProvider time)
    {
        _time = time;
        _setting = SoukSettings.ConnectionSetting(service.Name);
        var connection = new NpgsqlConnectionStringBuilder(settings.Connection(service.Name)) { ApplicationName = $"souk {service.Name}" };
        Bound(connection);
        connection.Options = $"{EndOrphans} {connection.Options} {PlanForValues}";
        _source = NpgsqlDataSource.Create(connection);
        connection.Options = $"{connection.Options} {ByKey}";
        connection.NoResetOnClose = true; // A set write changes nothing about its session.
        _sets = NpgsqlDataSource.Create(connection);
    }

    public override void Configure(DbContextOptionsBuilder options) => options.UseNpgsql(_source);

    public override async Task BringUpToDate(ServiceDb db, CancellationToken stop)
    {
        await using var connection = await Connect(stop);
        await Check(connection, stop);

        // One instance at a time: the framework's own lock ends with each migration, and two instances could both take the next one.
        await Run(connection, AdvisoryLocks.Migrate, stop, patience: 0);
        try
        {
            // Looking for it in vain would be logged as a failure.
            await db.GetService<IHistoryRepository>().CreateIfNotExistsAsync(stop);

            // Each migration is one transaction: what is broken off has left nothing.
            await db.Database.MigrateAsync(stop);
        }
        finally
        {
            // The connection goes back to its pool, and would keep the lock there. When the process ends before, it ends as well.
            await Run(connection, AdvisoryLocks.Migrated, CancellationToken.None);
        }
    }

    public override StorageFault FaultOf(Exception exception) => PostgresFaults.Of(exception);

    /// <inheritdoc/>
    public override IStorage<TDb> Storage<TDb>(IDbContextFactory<TDb> contexts) => new PostgresStorage<TDb>(contexts, _sets, _time);

    /// <summary>
    /// A transaction that is still open may hold a lower number than one that is committed. All that can were writing to the table when
    /// the highest number was read; once none of them writes any more, everything up to that number is there, or never comes.
    /// </summary>
    public override async Task<long> LastComplete(ServiceDb db, string table, TimeProvider time, CancellationToken stop)
    {
        // The statement's snapshot, and with it the number, is older than the look at the locks.
        var look = $"""
            SELECT COALESCE((SELECT max(id) FROM {table}), 0), ARRAY(
                SELECT virtualtransaction FROM pg_locks
                WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND relation = '{table}'::regclass AND mode = 'RowExclusiveLock' AND granted)
            """;
        await using var connection = await _source.OpenConnectionAsync(stop);
        var (last, before) = await See(connection, look, stop);
        for (var open = before; open.Intersect(before).Any(); (_, open) = await See(connection, look, stop))
        {
            await Task.Delay(BetweenLooks, time, stop);
        }

        return last;
    }

    public async ValueTask DisposeAsync()
    {
        await _sets.DisposeAsync();
        await _source.DisposeAsync();
    }

    /// <summary>What the setting does not say: how many connections at most, and that statements used again are prepared.</summary>
    internal static void Bound(NpgsqlConnectionStringBuilder connection)
    {
        // ContainsKey says yes to every name that the builder knows; ShouldSerialize, to those that were given.
        connection.MaxPoolSize = connection.ShouldSerialize("Maximum Pool Size") ? connection.MaxPoolSize : Math.Max(connection.MinPoolSize, Limits.DatabaseConnections);
        connection.MaxAutoPrepare = connection.ShouldSerialize("Max Auto Prepare") ? connection.MaxAutoPrepare : Limits.PreparedStatements;
    }

    private async Task<NpgsqlConnection> Connect(CancellationToken stop)
    {
        try
        {
            return await _source.OpenConnectionAsync(stop);
        }
        catch (NpgsqlException e)
        {
            throw new SettingException($"{_setting}: the database can't be reached: {e.Message}");
        }
    }

    private async Task Check(NpgsqlConnection connection, CancellationToken stop)
    {
        if (await Run(connection, "SHOW synchronous_commit", stop) is "off")
        {
            throw new SettingException($"{_setting}: the database runs with synchronous_commit = off, which loses confirmed sales when it crashes; it must be on.");
        }

        if (await Run(connection, "SELECT current_setting('server_encoding') = 'UTF8' AND lower('Ä') = 'ä'", stop) is not true)
        {
            throw new SettingException($"{_setting}: the database must be in UTF8 with a locale that knows letters beyond ASCII, such as LC_CTYPE C.UTF-8; 'souk database create' makes it so.");
        }
    }

    private static async Task<(long Last, string[] Writers)> See(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        return (reader.GetInt64(0), reader.GetFieldValue<string[]>(1));
    }

    /// <summary>Runs a statement, for so many seconds at most; 0 stands for any number.</summary>
    private static async Task<object?> Run(NpgsqlConnection connection, string sql, CancellationToken stop, int patience = 30)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = patience };
        return await command.ExecuteScalarAsync(stop);
    }
}
