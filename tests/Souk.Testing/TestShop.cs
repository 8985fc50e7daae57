using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Souk.Customers.Accounts;
using Xunit;

namespace Souk.Testing;

/// <summary>The whole shop in this process, on free ports, with a folder and databases of its own; spoken to over HTTP like any other.</summary>
public sealed class TestShop : RunningShop, IAsyncLifetime
{
    private readonly Dictionary<string, string?> _settings = new()
    {
        ["Souk:AdminPassword"] = Password,
        ["Souk:SampleCatalogue"] = "false",
        ["Customers:PasswordRounds"] = "1000",
        ["Souk:RateLimits:ExemptLoopback"] = "true",
        ["Log:Requests"] = "false",
        ["Customers:PaymentSecret"] = PaymentSecret,
    };

    /// <summary>What the payment provider of every test shop signs with.</summary>
    public static string PaymentSecret { get; } = Souk.Platform.Webhooks.WebhookSignature.NewSecret();

    private readonly ConcurrentDictionary<string, Shop> _running = new();
    private readonly bool _isGuest;
    private Action<string, IServiceCollection>? _replace;
    private TestStorage? _storage;

    /// <summary>A shop that is not open yet, on databases of its own.</summary>
    public TestShop() => (Clock, Data) = (new MovableClock(), Directory.CreateTempSubdirectory("souk-test-").FullName);

    private TestShop(TestShop host) => (_isGuest, Clock, Data, _storage, _settings, _replace) = (true, host.Clock, host.Data, host._storage, new(host._settings), host._replace);

    /// <summary>The shop's clock, which can be moved.</summary>
    public MovableClock Clock { get; }

    /// <summary>The shop's folder.</summary>
    public string Data { get; }

    /// <summary>The shop's databases.</summary>
    public TestStorage Storage => _storage ?? throw new InvalidOperationException("The shop is not open yet.");

    /// <summary>The settings that it runs under.</summary>
    public IReadOnlyDictionary<string, string?> Settings => _settings;

    /// <summary>The parts of a service.</summary>
    public IServiceProvider Parts(string service) => _running[service][service];

    /// <summary>Changes a setting of a shop that is not open yet.</summary>
    public TestShop With(string setting, string value)
    {
        _settings[setting] = value;
        return this;
    }

    /// <summary>Replaces parts of services, by their name, in a shop that is not open yet.</summary>
    public TestShop With(Action<string, IServiceCollection> replace)
    {
        _replace += replace;
        return this;
    }

    /// <summary>A second instance of every service, on other ports and the same databases; the first outlives it.</summary>
    public async Task<TestShop> Twin()
    {
        var twin = new TestShop(this);
        await twin.InitializeAsync();
        return twin;
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (TestStorage.OnPostgres && PostgresCluster.IsMissing)
        {
            // Each test that comes to it is skipped; a fixture can't be.
            return;
        }

        _storage ??= await TestStorage.ForShop(Data);
        _settings["Souk:Data"] = Data;
        foreach (var (setting, value) in _storage.Settings)
        {
            _settings[setting] = value;
        }

        var addresses = Shop.Services.Zip(FreePort.Some(Shop.Services.Count)).ToDictionary(x => x.First.Name, x => $"http://127.0.0.1:{x.Second}");
        foreach (var (service, url) in addresses)
        {
            _settings[$"Services:{service}:Url"] = url;
        }

        Meet(addresses);
        await OpenAll();
        await AdminSignsIn();
    }

    /// <summary>Gets the admin a new token, after the clock has outrun the last one.</summary>
    public Task AdminSignsInAgain() => AdminSignsIn();

    /// <summary>Closes the shop and opens it again on the same data.</summary>
    public async Task Reopen()
    {
        await CloseAll();
        await OpenAll();
    }

    /// <summary>Takes a service away; the others go on.</summary>
    public async Task Stop(string service)
    {
        if (_running.TryRemove(service, out var running))
        {
            await running.DisposeAsync();
        }
    }

    /// <summary>Brings a service back, on the data that it left.</summary>
    public async Task StartAgain(string service)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(_settings).Build();
        var definition = Shop.Services.Single(s => s.Name == service);
        _running[service] = await Shop.Start([definition], configuration, (name, parts) =>
        {
            parts.AddSingleton<TimeProvider>(Clock);
            _replace?.Invoke(name, parts);
        });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAll();
        if (!_isGuest)
        {
            await (_storage?.DisposeAsync() ?? ValueTask.CompletedTask);
            Directory.Delete(Data, recursive: true);
        }
    }

    private async Task OpenAll()
    {
        await Task.WhenAll(Shop.Services.Select(s => Task.Run(() => StartAgain(s.Name))));
        await Parts("customers").GetRequiredService<FirstAdmin>().Ready;
    }

    private async Task CloseAll()
    {
        foreach (var service in Shop.Services)
        {
            await Stop(service.Name);
        }

        // Pooled connections would keep the files open.
        SqliteConnection.ClearAllPools();
    }
}
