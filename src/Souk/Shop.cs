using Souk.Customers;
using Souk.Inventory;
using Souk.Platform.Hosting;
using Souk.Reviews;
using Souk.Sales;

namespace Souk;

/// <summary>Services that run in this process, each as a web application of its own.</summary>
public sealed class Shop : IAsyncDisposable
{
    private readonly List<WebApplication> _apps;

    private Shop(List<WebApplication> apps, SoukSettings settings) => (_apps, Settings) = (apps, settings);

    /// <summary>All services, in the order in which they stop: those that ask others before those that are asked.</summary>
    public static IReadOnlyList<ServiceDefinition> Services { get; } =
        [ReviewsService.Definition, SalesService.Definition, InventoryService.Definition, CustomersService.Definition];

    /// <summary>The settings it runs under.</summary>
    public SoukSettings Settings { get; }

    /// <summary>The names of the services that run here.</summary>
    public IReadOnlyList<string> Running => _apps.ConvertAll(a => a.Services.GetRequiredService<ServiceName>().Name);

    /// <summary>The parts of a running service.</summary>
    public IServiceProvider this[string service] => _apps.Single(a => a.Services.GetRequiredService<ServiceName>().Name == service).Services;

    /// <summary>Starts services; when one can't start, none runs.</summary>
    /// <param name="services">Which.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="replace">Replaces registered parts by service name; for tests.</param>
    /// <exception cref="SettingException">A setting can't be used.</exception>
    /// <exception cref="IOException">An address is taken.</exception>
    public static async Task<Shop> Start(IReadOnlyList<ServiceDefinition> services, IConfiguration configuration, Action<string, IServiceCollection>? replace = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var settings = SoukSettings.Read(configuration);
        var apps = new List<WebApplication>();
        try
        {
            foreach (var service in services)
            {
                apps.Add(ServiceHost.Build(service, configuration, parts => replace?.Invoke(service.Name, parts)));
            }

            await Task.WhenAll(apps.Select(app => Task.Run(() => app.StartAsync())));
            return new Shop(apps, settings);
        }
        catch
        {
            await Stop(apps);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Stop(_apps);

    private static async Task Stop(List<WebApplication> apps)
    {
        foreach (var app in apps)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }
}
