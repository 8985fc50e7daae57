using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Souk.Platform.Hosting;

namespace Souk.Torture;

/// <summary>A shop of real processes on real databases, each of which may be killed at any time.</summary>
internal sealed class TorturedShop : IAsyncDisposable
{
    public const string AdminPassword = "seven green apples";
    private const int LeaseSeconds = 2;

    /// <summary>How long a killed shop may take until all of it serves again; longer on a machine that does a lot besides.</summary>
    private static readonly TimeSpan MostToRecover = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly Watchdog _watchdog = new();
    private readonly HttpClient _ready = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly string _folder;
    private readonly List<Victim> _victims = [];

    private TorturedShop(string folder, IReadOnlyDictionary<string, Uri> urls) => (_folder, Urls) = (folder, urls);

    /// <summary>What may be killed.</summary>
    public IReadOnlyList<Victim> Victims => _victims;

    /// <summary>Where the services are.</summary>
    public IReadOnlyDictionary<string, Uri> Urls { get; }

    /// <summary>The settings that all of its processes run under.</summary>
    public IReadOnlyList<string> Settings { get; private set; } = [];

    /// <summary>How long unfinished business may take: two leases.</summary>
    public static TimeSpan TwoLeases { get; } = TimeSpan.FromSeconds(2 * LeaseSeconds);

    /// <summary>Opens it.</summary>
    /// <param name="folder">Where everything lives: <c>shop</c>, <c>postgres</c> and <c>logs</c>.</param>
    /// <param name="database">What stores it.</param>
    public static async Task<TorturedShop> Open(string folder, DatabaseKind database)
    {
        var shop = new TorturedShop(folder, Shop.Services.ToDictionary(s => s.Name, _ => new Uri($"http://127.0.0.1:{Port()}")));
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "logs"));
            LetThrough(folder);
            await shop.Start(database);
            return shop;
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until every process serves.</summary>
    /// <exception cref="IOException">It does not, in all that time.</exception>
    public async Task Ready()
    {
        var until = TimeProvider.System.GetTimestamp();
        foreach (var victim in _victims)
        {
            while (!await victim.IsReady())
            {
                if (TimeProvider.System.GetElapsedTime(until) > MostToRecover)
                {
                    throw new IOException($"{victim.Name} does not serve again; its log is {Log(victim.Name)}.");
                }

                await Task.Delay(Look);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var victim in _victims.AsEnumerable().Reverse())
        {
            await victim.DisposeAsync();
        }

        await _watchdog.DisposeAsync();
        _ready.Dispose();
    }

    private async Task Start(DatabaseKind database)
    {
        List<string> settings =
        [
            "--Souk:Data", Path.Combine(_folder, "shop"), "--Souk:AdminPassword", AdminPassword, "--Souk:SampleCatalogue", "false", "--Customers:PasswordRounds", "1000",
            "--Souk:RateLimits:ExemptLoopback", "true",
            "--Holds:LeaseSeconds", $"{LeaseSeconds}", .. Urls.SelectMany(u => new[] { $"--Services:{u.Key}:Url", u.Value.ToString() }),
        ];
        if (database == DatabaseKind.Postgres)
        {
            var server = new ClusterProcess(Path.Combine(_folder, "postgres"), Log("postgres"), _watchdog);
            await server.Create();
            _victims.Add(server);
            server.Start();
            await Ready();
            await server.CreateDatabases(Urls.Keys);
            settings.AddRange(["--Souk:Database", "postgres", .. Urls.Keys.SelectMany(s => new[] { $"--{SoukSettings.ConnectionSetting(s)}", server.ConnectionString(s) })]);
        }

        Settings = settings;
        _victims.AddRange(Urls.Select(u => new ServiceProcess(u.Key, Log(u.Key), _watchdog, u.Value, settings, _ready)));
        _victims.OfType<ServiceProcess>().ToList().ForEach(v => v.Start());
        await Ready();
    }

    /// <summary>PostgreSQL runs as a user of its own and must find its folder in ours.</summary>
    private static void LetThrough(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
    }

    private string Log(string name) => Path.Combine(_folder, "logs", $"{name}.log");

    /// <summary>A port outside the range from which the system gives ports to outgoing connections, so that nobody takes it while its service is dead.</summary>
    private static int Port()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(15_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; try another.
            }
        }
    }
}
