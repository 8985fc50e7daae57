namespace Souk.Bench;

/// <summary>A way to run the shop: which processes, on which database.</summary>
/// <param name="Database">Its name in measures.</param>
/// <param name="Processes">Label and command line of each process; an empty command runs all services in one.</param>
/// <param name="Settings">Settings of all of them.</param>
/// <param name="Cluster">The cluster that it runs on, if it does.</param>
/// <param name="ShopName">What the names of its databases there begin with.</param>
internal sealed record Layout(string Database, IReadOnlyList<(string Label, string[] Command)> Processes, IReadOnlyList<string> Settings, Cluster? Cluster = null, string ShopName = "")
{
    /// <summary>The cluster lives in a folder that others can't read and for no longer than the benchmark.</summary>
    private const string Password = "for-the-benchmark";

    /// <summary>Everything in one process, each service with its SQLite file.</summary>
    public static Layout Sqlite { get; } = new("sqlite", [("souk", [])], []);

    /// <summary>A process for each of the services that a sale needs, and a database for each service.</summary>
    /// <param name="cluster">Where the databases are.</param>
    /// <param name="shop">What the databases' names begin with, so that one cluster can have several shops.</param>
    public static Layout Postgres(Cluster cluster, string shop) => new(
        "postgres",
        [("sales", ["sales"]), ("inventory", ["inventory"]), ("customers", ["customers"])],
        ["--Souk:Database", "postgres", .. Shop.Services.SelectMany(s => new[] { $"--ConnectionStrings:{s}", Connection(cluster, $"{shop}_{s.ToLowerInvariant()}") })],
        cluster,
        shop);

    /// <summary>Makes the databases; SQLite's make themselves.</summary>
    public Task CreateDatabases() => Cluster is null
        ? Task.CompletedTask
        : SoukProgram.Run("database", "create", "--admin", $"{Server(Cluster)};Username=postgres", "--prefix", ShopName, "--password", Password);

    /// <summary>Each service has a role of its own, named like its database.</summary>
    private static string Connection(Cluster cluster, string name) => $"{Server(cluster)};Database={name};Username={name};Password={Password}";

    private static string Server(Cluster cluster) => $"Host={cluster.Folder};Port={cluster.Port}";
}
