using Microsoft.EntityFrameworkCore;
using Souk.Customers;
using Souk.Inventory;
using Souk.Platform.Audit;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Reviews;
using Souk.Sales;

namespace Souk;

/// <summary>The audit logs of all services of the shop that some settings tell of; no service is started.</summary>
internal sealed class AuditLogs : IAsyncDisposable
{
    private readonly Dictionary<string, WebApplication> _services;
    private readonly Dictionary<string, IAuditSource> _sources;
    private readonly SoukSettings _settings;

    private AuditLogs(Dictionary<string, WebApplication> services)
    {
        _services = services;
        _settings = services["customers"].Services.GetRequiredService<SoukSettings>();
        _sources = new()
        {
            ["customers"] = Source<CustomersDb>("customers"), ["reviews"] = Source<ReviewsDb>("reviews"), ["sales"] = Source<SalesDb>("sales"), ["inventory"] = Source<InventoryDb>("inventory"),
        };
    }

    /// <summary>Finds them.</summary>
    /// <exception cref="SettingException">There are no such databases, or they are not up to date.</exception>
    public static async Task<AuditLogs> Open(IConfiguration configuration)
    {
        var logs = new AuditLogs(Shop.Services.ToDictionary(s => s.Name, s => ServiceHost.Build(s, configuration)));
        try
        {
            foreach (var source in logs._sources.Values)
            {
                await source.Require();
            }

            return logs;
        }
        catch
        {
            await logs.DisposeAsync();
            throw;
        }
    }

    /// <summary>Proves the logs, each against the heads that its witness keeps.</summary>
    public async Task<Dictionary<string, AuditCheck>> Check()
    {
        var checks = new Dictionary<string, AuditCheck>(StringComparer.Ordinal);
        foreach (var (service, source) in _sources)
        {
            // The heads first: what is written meanwhile is beyond them.
            var check = new AuditCheck(_settings, service, await _sources[AuditWitness.Of(service, _settings)].Heads(service));
            await source.Read(check);
            checks.Add(service, check);
        }

        return checks;
    }

    /// <summary>Writes out one log, or all of them one after the other.</summary>
    public async Task Export(string? service, AuditSpan span, TextWriter output)
    {
        foreach (var (name, source) in _sources.Where(s => service is null || s.Key == service))
        {
            await source.Export(name, span, output);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.Values)
        {
            await service.DisposeAsync();
        }
    }

    private AuditSource<TDb> Source<TDb>(string service)
        where TDb : ServiceDb => new(_services[service].Services.GetRequiredService<IDbContextFactory<TDb>>());

    /// <summary>One service's log, whatever its model.</summary>
    private interface IAuditSource
    {
        Task Require();

        Task<Dictionary<long, string>> Heads(string of);

        Task Read(AuditCheck check);

        Task Export(string service, AuditSpan span, TextWriter output);
    }

    private sealed class AuditSource<TDb>(IDbContextFactory<TDb> contexts) : IAuditSource
        where TDb : ServiceDb
    {
        public Task Require() => ShopBooks.Require(contexts);

        public Task<Dictionary<long, string>> Heads(string of) => AuditCheck.Heads(contexts, of);

        public Task Read(AuditCheck check) => check.Read(contexts);

        public Task Export(string service, AuditSpan span, TextWriter output) => AuditExport.Write(contexts, service, span, output);
    }
}
