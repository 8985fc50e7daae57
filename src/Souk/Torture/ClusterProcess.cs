using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Souk.Platform.Hosting;

namespace Souk.Torture;

/// <summary>A PostgreSQL cluster of our own, from the installed programs, as durable as a real one; reached through a socket in its folder.</summary>
internal sealed class ClusterProcess(string folder, string log, Watchdog watchdog) : Victim("postgres", log, watchdog)
{
    private const string Missing = "PostgreSQL is not installed (Debian: apt-get install postgresql); initdb and postgres are needed.";

    private static readonly string[] Settings =
        ["listen_addresses=", "fsync=on", "synchronous_commit=on", "full_page_writes=on", "restart_after_crash=on", "max_connections=300", "shared_buffers=64MB", "min_wal_size=16MB", "max_wal_size=64MB"];

    protected override IEnumerable<string> Command => As([Path.Combine(Programs!, "postgres"), "-D", Data, "-k", folder, .. Settings.SelectMany(s => new[] { "-c", s })]);

    /// <summary>The folder of the newest installed PostgreSQL, where Debian puts it or on the path; null without one.</summary>
    public static string? Programs { get; } = Find();

    private string Data => Path.Combine(folder, "data");

    /// <summary>How to reach a database, as a superuser.</summary>
    public string ConnectionString(string database) => $"Host={folder};Username=postgres;Database={database}";

    /// <summary>Makes the cluster.</summary>
    /// <exception cref="SettingException">It can't be made here.</exception>
    public async Task Create()
    {
        if (Programs is null)
        {
            throw new SettingException(Missing);
        }

        Directory.CreateDirectory(folder);
        if (Environment.IsPrivilegedProcess)
        {
            await Run("chown", "postgres", folder);
        }

        await Run([.. As([Path.Combine(Programs, "initdb"), "-D", Data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--lc-collate=C", "--lc-ctype=C.UTF-8", "--wal-segsize=1"])]);
    }

    /// <summary>Makes a database for each service.</summary>
    public async Task CreateDatabases(IEnumerable<string> names)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres"));
        foreach (var name in names)
        {
#pragma warning disable CA2100 // The names are the services' own.
            await using var create = source.CreateCommand($"CREATE DATABASE {name}");
#pragma warning restore CA2100
            await create.ExecuteNonQueryAsync();
        }
    }

    public override async Task<bool> IsReady()
    {
        try
        {
            await using var connection = new NpgsqlConnection($"{ConnectionString("postgres")};Pooling=false;Timeout=5");
            await connection.OpenAsync();
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static IEnumerable<string> As(string[] command) =>
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--", .. command] : command;

    private static async Task Run(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new SettingException($"{Path.GetFileName(command[0])} failed: {(await error).Trim()}{(await output).Trim()}");
        }
    }

    private static string? Find()
    {
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
        return versions.OrderByDescending(v => int.TryParse(Path.GetFileName(v), CultureInfo.InvariantCulture, out var number) ? number : 0).Select(v => Path.Combine(v, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")) && File.Exists(Path.Combine(bin, "postgres")));
    }
}
