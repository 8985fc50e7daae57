using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Souk.Testing;

/// <summary>A database for each service in the private cluster.</summary>
internal sealed class PostgresStorage : TestStorage
{
    private static int _made;

    private readonly PostgresCluster _cluster;
    private readonly Dictionary<string, string> _databases;

    private PostgresStorage(PostgresCluster cluster, Dictionary<string, string> databases)
    {
        (_cluster, _databases) = (cluster, databases);
        Settings = databases.ToDictionary(d => $"ConnectionStrings:{d.Key}", string? (d) => cluster.ConnectionString(d.Value)).Append(new("Souk:Database", "postgres")).ToDictionary();
    }

    public override IReadOnlyDictionary<string, string?> Settings { get; }

    public static async Task<PostgresStorage> Make()
    {
        var cluster = await PostgresCluster.Private();
        var shop = Interlocked.Increment(ref _made);
        var databases = Shop.Services.ToDictionary(s => s.Name, s => $"shop{shop}_{s.Name}", StringComparer.Ordinal);
        await Task.WhenAll(databases.Values.Select(d => cluster.Run($"CREATE DATABASE {d}")));
        return new PostgresStorage(cluster, databases);
    }

    public override async Task<DbConnection> Open(string service)
    {
        var db = new NpgsqlConnection(_cluster.ConnectionString(_databases[service]) + ";Pooling=false");
        await db.OpenAsync();
        return db;
    }

    public override void Use(DbContextOptionsBuilder options, string service) => options.UseNpgsql(_cluster.ConnectionString(_databases[service]));

    public override async ValueTask DisposeAsync() =>
        await Task.WhenAll(_databases.Values.Select(d => _cluster.Run($"DROP DATABASE IF EXISTS {d} WITH (FORCE)")));
}
