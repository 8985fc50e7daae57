using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Souk.Bench;

/// <summary>A running shop with products to buy and customers who can pay.</summary>
internal sealed class Shop : IDisposable
{
    /// <summary>So many units of each product, so much that no load sells one out.</summary>
    private const int Stock = 10_000_000;

    private readonly Layout _layout;
    private readonly HttpClient _http;
    private readonly Dictionary<string, (Process Process, IDisposable Tracked)> _processes = [];

    private Shop(Layout layout, string folder, int customers, int products, Dictionary<string, Uri> urls)
    {
        (_layout, Folder, Customers, Products, Urls) = (layout, folder, customers, products, urls);
        _http = Http.Client(urls["Sales"], 2);
        Tokens = new Tokens(this);
    }

    /// <summary>The names of all services.</summary>
    public static IReadOnlyList<string> Services { get; } = ["Customers", "Reviews", "Sales", "Inventory"];

    public string Folder { get; }

    public int Customers { get; }

    public int Products { get; }

    /// <summary>Where each service listens, by its name.</summary>
    public IReadOnlyDictionary<string, Uri> Urls { get; }

    public Tokens Tokens { get; }

    /// <summary>Memory of all its processes, in MiB.</summary>
    public double ResidentMegabytes => _processes.Values.Sum(p => ProcessorTime.ResidentMegabytes(p.Process.Id));

    /// <summary>Makes, fills and opens a shop.</summary>
    public static async Task<Shop> Open(Session session, Layout layout, string folder, int products, int customers)
    {
        Directory.CreateDirectory(folder);
        var shop = new Shop(layout, folder, customers, products, Services.ToDictionary(s => s, _ => new Uri($"http://127.0.0.1:{Cluster.FreePort()}")));
        try
        {
            session.Doing($"{layout.Database}: adding {products} products and {customers} customers");
            await layout.CreateDatabases();
            await SoukProgram.Run(["seed", "--products", $"{products}", "--stock", $"{Stock}", "--customers", $"{customers}", .. shop.Settings]);
            session.Doing($"{layout.Database}: starting the shop");
            await shop.Start();
            return shop;
        }
        catch
        {
            shop.Dispose();
            throw;
        }
    }

    /// <summary>How many orders are recorded, each of them of one line.</summary>
    public async Task<long> Orders()
    {
        var health = await _http.GetFromJsonAsync<JsonElement>("/health");
        return health.GetProperty("records_found").GetInt64();
    }

    /// <summary>Processor time by process, in seconds; that of the load is of programs that have ended.</summary>
    public Dictionary<string, double> ProcessorSeconds()
    {
        var seconds = _processes.ToDictionary(p => p.Key, p => ProcessorTime.Of(p.Value.Process.Id));
        if (_layout.Cluster is { } cluster)
        {
            seconds["postgres"] = cluster.ProcessorSeconds;
        }

        seconds["wrk"] = ProcessorTime.OfEndedChildren();
        return seconds;
    }

    public void Dispose()
    {
        foreach (var (_, tracked) in _processes.Values)
        {
            tracked.Dispose();
        }

        _http.Dispose();
    }

    /// <summary>Few accounts at one address send all of the load. Their requests are counted like any others, and never too many.</summary>
    private static IEnumerable<string> Unlimited { get; } =
        new[] { "SignInPerAddress", "ReadsPerAddress", "WritesPerAddress", "ReadsPerAccount", "WritesPerAccount" }.SelectMany(rule => new[] { $"--Souk:RateLimits:{rule}", "1000000/1" });

    private IEnumerable<string> Settings =>
    [
        "--Souk:Data", Path.Combine(Folder, "data"), "--Souk:SampleCatalogue", "false", "--Customers:PasswordRounds", "1000",
        .. Services.SelectMany(s => new[] { $"--Services:{s}:Url", Urls[s].GetLeftPart(UriPartial.Authority) }), .. Unlimited, .. _layout.Settings,
    ];

    private async Task Start()
    {
        foreach (var (label, command) in _layout.Processes)
        {
            var process = Tool.Start("dotnet", [SoukProgram.Dll, .. command, .. Settings], LogOf(label));
            _processes[label] = (process, Leftovers.Track(() => Tool.Kill(process)));
        }

        foreach (var service in new[] { "Customers", "Sales", "Inventory" })
        {
            await Http.Ready(_http, new Uri(Urls[service], "/health/ready"), LogOfEnded);
        }
    }

    private string? LogOfEnded() => _processes.FirstOrDefault(p => p.Value.Process.HasExited) is { Key: { } label } ? LogOf(label) : null;

    private string LogOf(string label) => Path.Combine(Folder, $"{label}.log");
}
