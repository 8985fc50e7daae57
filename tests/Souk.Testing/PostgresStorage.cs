using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;

namespace Souk.Testing;

/// <summary>A database for each service in the private cluster.</summary>
internal sealed class PostgresStorage : TestStorage
{
    /// <summary>Databases whose schema is up to date, to copy: making the schema takes longer than most tests.</summary>
    private static readonly Lazy<Task> Patterns = new(MakePatterns);

    private static int _made;

    private readonly PostgresCluster _cluster;
    private readonly Dictionary<string, string> _databases;

    private PostgresStorage(PostgresCluster cluster, Dictionary<string, string> databases)
    {
        (_cluster, _databases) = (cluster, databases);
        Settings = databases.ToDictionary(d => $"ConnectionStrings:{d.Key}", string? (d) => cluster.ConnectionString(d.Value)).Append(new("Souk:Database", "postgres")).ToDictionary();
    }

    public override IReadOnlyDictionary<string, string?> Settings { get; }

    public static async Task<PostgresStorage> Make() => await Make($"shop{Interlocked.Increment(ref _made)}", _ => "");

    public static async Task<PostgresStorage> MakeWithSchema()
    {
        await Patterns.Value;
        return await Make($"shop{Interlocked.Increment(ref _made)}", service => $" TEMPLATE pattern_{service}");
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

    private static async Task<PostgresStorage> Make(string name, Func<string, string> like)
    {
        var cluster = await PostgresCluster.Private();
        var databases = Shop.Services.ToDictionary(s => s.Name, s => $"{name}_{s.Name}", StringComparer.Ordinal);
        await Task.WhenAll(databases.Select(d => cluster.Run($"CREATE DATABASE {d.Value}{like(d.Key)}")));
        return new PostgresStorage(cluster, databases);
    }

    private static async Task MakePatterns()
    {
        var storage = await Make("pattern", _ => "");
        var folder = Directory.CreateTempSubdirectory("souk-pattern-");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(storage.Settings).AddInMemoryCollection([new("Souk:Data", folder.FullName)]).Build();
        foreach (var service in Shop.Services)
        {
            await using var app = ServiceHost.Build(service, configuration);
            var schema = app.Services.GetServices<IHostedService>().Single(s => s.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(BringUpToDate<>));
            await schema.StartAsync(CancellationToken.None);
        }

        folder.Delete(recursive: true);
    }
}
