using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Souk.Bench;

/// <summary>A PostgreSQL cluster of our own, from the installed programs: the same one, with the same durability, for the baseline and for Souk.</summary>
internal sealed class Cluster : IDisposable
{
    private const string Settings = """
        listen_addresses = '127.0.0.1'
        max_connections = 200
        fsync = on
        synchronous_commit = on
        full_page_writes = on
        shared_buffers = 1GB
        max_wal_size = 8GB
        checkpoint_timeout = 15min
        wal_compression = on
        """;

    private readonly IDisposable _tracked;

    private Cluster(string folder, int port, int postmaster)
    {
        (Folder, Port, Postmaster) = (folder, port, postmaster);
        _tracked = Leftovers.Track(() => Stop(postmaster));
    }

    /// <summary>Where it keeps its data and its socket.</summary>
    public string Folder { get; }

    public int Port { get; }

    /// <summary>The process that all others of the cluster are children of.</summary>
    public int Postmaster { get; }

    /// <summary>The settings, in one line.</summary>
    public static string Described => string.Join(", ", Settings.Split('\n').Skip(2));

    /// <summary>Processor time of the whole cluster, in seconds.</summary>
    public double ProcessorSeconds => ProcessorTime.OfFamily(Postmaster);

    private static string Programs => Directory.EnumerateDirectories("/usr/lib/postgresql")
        .OrderByDescending(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var version) ? version : 0)
        .Select(d => Path.Combine(d, "bin")).First(d => File.Exists(Path.Combine(d, "initdb")));

    public static async Task<Cluster> Start(string folder)
    {
        Directory.CreateDirectory(folder);
        if (Environment.IsPrivilegedProcess)
        {
            await Tool.Run("chown", ["postgres", folder]); // PostgreSQL refuses to run as root.
        }

        var port = FreePort();
        await Run("initdb", "--pgdata", folder, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync");
        await File.AppendAllTextAsync(Path.Combine(folder, "postgresql.conf"), $"{Settings}\nport = {port}\nunix_socket_directories = '{folder}'\n");
        await Run("pg_ctl", "start", "--wait", "--pgdata", folder, "--log", Path.Combine(folder, "log"));
        var postmaster = (await File.ReadAllLinesAsync(Path.Combine(folder, "postmaster.pid")))[0];
        return new Cluster(folder, port, int.Parse(postmaster, CultureInfo.InvariantCulture));
    }

    /// <summary>Runs one of PostgreSQL's client programs against this cluster, as its superuser.</summary>
    public Task<string> Client(string program, params IEnumerable<string> arguments) =>
        Tool.Run(Path.Combine(Programs, program), ["--host", Folder, "--port", Port.ToString(CultureInfo.InvariantCulture), "--username", "postgres", .. arguments]);

    public static async Task<string> Version() => (await Tool.Run(Path.Combine(Programs, "postgres"), ["--version"])).Trim();

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose() => _tracked.Dispose();

    /// <summary>At once, with nothing tidied up: the data is not wanted any more.</summary>
    private static void Stop(int postmaster)
    {
        using var kill = Process.Start("kill", ["-QUIT", $"{postmaster}"]);
        kill.WaitForExit();
        SpinWait.SpinUntil(() => !Directory.Exists($"/proc/{postmaster}"), TimeSpan.FromSeconds(10));
    }

    private static Task<string> Run(string program, params IEnumerable<string> arguments) => Environment.IsPrivilegedProcess
        ? Tool.Run("runuser", ["-u", "postgres", "--", Path.Combine(Programs, program), .. arguments])
        : Tool.Run(Path.Combine(Programs, program), arguments);
}
