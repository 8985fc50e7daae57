using System.Diagnostics;
using Npgsql;
using Xunit;

namespace Souk.Testing;

/// <summary>
/// A PostgreSQL cluster of this test process alone, from the installed binaries: in a folder of its own, spoken to through a socket in
/// that folder, and gone with the process.
/// </summary>
public sealed class PostgresCluster
{
    /// <summary>
    /// Makes the cluster, says where it is, serves until its standard input ends (which it does when this process ends, however it
    /// ends), and removes everything. Without fsync: a test can't pull the plug of the machine, and every commit would wait for a disk.
    /// Only ordering by bytes, with letters of all alphabets, as 'souk database create' makes it.
    /// </summary>
    private const string Script = """
        set -e
        folder=$(mktemp -d /tmp/souk-pg-XXXXXX)
        trap 'rm -rf "$folder"' EXIT
        "$0/initdb" -D "$folder/data" -U postgres --auth=trust --encoding=UTF8 --lc-collate=C --lc-ctype=C.UTF-8 --no-sync >/dev/null
        printf 'local all postgres trust\nlocal all all scram-sha-256\n' >"$folder/data/pg_hba.conf"
        "$0/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=500 >"$folder/log" 2>&1 &
        server=$!
        until "$0/pg_isready" -q -h "$folder"; do kill -0 $server; sleep 0.05; done
        echo "$folder"
        cat >/dev/null
        kill -QUIT $server
        wait $server || true
        """;

    private const string Missing = "PostgreSQL is not installed (Debian: apt-get install postgresql); its tests need initdb, postgres and pg_isready.";

    private static readonly Lazy<Task<PostgresCluster>> Started = new(Start);

    private readonly string _folder;

    // Held for as long as the process lives: its standard input, once collected, would end the server.
    private readonly Process _server;

    private PostgresCluster(string folder, Process server) => (_folder, _server) = (folder, server);

    /// <summary>This process' cluster, started when it is first asked for.</summary>
    public static Task<PostgresCluster> Private()
    {
        if (Binaries() is null && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip(Missing);
        }

        return Started.Value;
    }

    /// <summary>How to reach a database, as a superuser.</summary>
    public string ConnectionString(string database = "postgres") => $"Host={_folder};Username=postgres;Database={database}";

    /// <summary>Whether the server is still there.</summary>
    public bool Serves => !_server.HasExited;

    /// <summary>Runs a statement as a superuser.</summary>
    public async Task Run(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database));
        await connection.OpenAsync();
#pragma warning disable CA2100 // Tests write their own SQL.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<PostgresCluster> Start()
    {
        var binaries = Binaries() ?? throw new InvalidOperationException(Missing);

        // PostgreSQL refuses to run as root.
        string[] asPostgres = Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--"] : [];
        string[] command = [.. asPostgres, "sh", "-c", Script, binaries];
        var server = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = "/tmp" })!;
        var folder = await server.StandardOutput.ReadLineAsync();
        return folder is null
            ? throw new InvalidOperationException($"The PostgreSQL of {binaries} did not start; its words are above.")
            : new PostgresCluster(folder, server);
    }

    /// <summary>The folder of the newest PostgreSQL: where Debian puts it, or on the path.</summary>
    private static string? Binaries()
    {
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
        return versions.OrderByDescending(v => int.TryParse(Path.GetFileName(v), out var number) ? number : 0).Select(v => Path.Combine(v, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));
    }
}
