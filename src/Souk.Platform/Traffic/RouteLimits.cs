using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Souk.Platform.Hosting;
using Souk.Platform.OpenApi;
using Souk.Platform.Security;

namespace Souk.Platform.Traffic;

/// <summary>Endpoint metadata: how many requests an operation takes of one account (or of one address, where it asks for no token), unless a setting says otherwise.</summary>
/// <param name="Requests">As in <c>10/3600</c>.</param>
internal sealed record RouteLimit(string Requests);

/// <summary>The limits of single operations: <c>Souk:RateLimits:Routes:Sales:post_v2_orders</c>, by the operation's name in the OpenAPI document.</summary>
internal sealed class RouteLimits
{
    /// <summary>Where they are set.</summary>
    public const string Section = "Souk:RateLimits:Routes";

    private readonly IConfigurationSection _settings;

    /// <summary>The limits of the endpoints that were asked for. There are as many as a service has.</summary>
    private readonly ConcurrentDictionary<Endpoint, RateRule?> _known = [];

    /// <summary>Limits of one operation hold for all its endpoints.</summary>
    private readonly ConcurrentDictionary<string, RateRule?> _byName = new(StringComparer.OrdinalIgnoreCase);

    public RouteLimits(IConfiguration configuration, SoukSettings settings, ServiceName service)
    {
        if (configuration.GetSection(Section).GetChildren().FirstOrDefault(c => !settings.Services.Keys.Contains(c.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw new SettingException($"{unknown.Path} is not a setting; {Section} has {string.Join(", ", settings.Services.Keys)}, and each of them operations.");
        }

        _settings = configuration.GetSection($"{Section}:{service.Name}");
        if (new[] { configuration.GetSection(Section), _settings }.FirstOrDefault(s => s.Value is not null) is { } incomplete)
        {
            throw new SettingException($"{incomplete.Path} names no operation; it goes on with a service and an operation, as in {Section}:Sales:post_v2_orders.");
        }
    }

    /// <summary>Reads and checks what is set, now that it is known which operations there are.</summary>
    /// <exception cref="SettingException">A setting can't be used.</exception>
    public void Check(IEnumerable<Endpoint> endpoints)
    {
        var names = endpoints.Where(e => RateClass.Of(e) != RateClass.Free).Select(OperationId.Of).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in _settings.GetChildren())
        {
            if (!names.Contains(setting.Key))
            {
                throw new SettingException($"{setting.Path} is not a setting: the service has no operation of that name that counts; /openapi.json lists them by their operationId.");
            }

            _byName[setting.Key] = RateRule.Read(setting.Key, setting.Path, setting.Value ?? "");
        }
    }

    /// <summary>The limit of the operation that a request is for; null for none.</summary>
    public RateRule? Of(HttpContext http) => http.GetEndpoint() is { } endpoint ? _known.GetOrAdd(endpoint, Find) : null;

    /// <summary>Whether it is an address's requests that count, and not an account's.</summary>
    public static bool CountsAddresses(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<Access>() == Access.Anyone;

    private RateRule? Find(Endpoint endpoint) => OperationId.Of(endpoint) is not { } name ? null
        : _byName.GetOrAdd(name, n => endpoint.Metadata.GetMetadata<RouteLimit>() is { } limit ? RateRule.Read(n, n, limit.Requests) : null);
}
