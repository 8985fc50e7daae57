using System.Data.Common;
using System.Globalization;
using System.Reflection;
using Microsoft.EntityFrameworkCore;

namespace Souk.Testing;

/// <summary>The databases of one test shop: SQLite files, or databases in a private PostgreSQL cluster.</summary>
public abstract class TestStorage : IAsyncDisposable
{
    /// <summary>Whether this test project runs on PostgreSQL; its project file says so.</summary>
    public static bool OnPostgres { get; } = Assembly.GetEntryAssembly()?.IsDefined(typeof(NeedsPostgresAttribute)) == true;

    /// <summary>The settings by which a shop finds its databases.</summary>
    public abstract IReadOnlyDictionary<string, string?> Settings { get; }

    /// <summary>Fresh databases, on what this test project runs on.</summary>
    /// <param name="folder">Where the shop has its files.</param>
    public static async Task<TestStorage> In(string folder) => OnPostgres ? await PostgresStorage.Make() : new SqliteStorage(folder);

    /// <summary>The same for a whole shop, which may find its schema there.</summary>
    /// <param name="folder">Where the shop has its files.</param>
    public static async Task<TestStorage> ForShop(string folder) => OnPostgres ? await PostgresStorage.MakeWithSchema() : new SqliteStorage(folder);

    /// <summary>An open connection to a service's database, past the service.</summary>
    public abstract Task<DbConnection> Open(string service);

    /// <summary>Says to a model where a service's database is.</summary>
    public abstract void Use(DbContextOptionsBuilder options, string service);

    /// <summary>Runs a statement in a service's database.</summary>
    public async Task Run(string service, string sql)
    {
        await using var db = await Open(service);
        await Run(db, sql);
    }

    /// <summary>Runs a statement on a connection.</summary>
    public static async Task Run(DbConnection db, string sql)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var command = Command(db, sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The number that a query of a service's database gives.</summary>
    public async Task<long> Number(string service, string sql)
    {
        await using var db = await Open(service);
        await using var command = Command(db, sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    private static DbCommand Command(DbConnection db, string sql)
    {
        var command = db.CreateCommand();
#pragma warning disable CA2100 // Tests write their own SQL.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
