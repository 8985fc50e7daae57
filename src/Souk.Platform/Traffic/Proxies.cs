using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Souk.Platform.Hosting;

namespace Souk.Platform.Traffic;

/// <summary>The proxies in front of the shop. What they say of a client's address and scheme counts; what anybody else says does not.</summary>
internal static class Proxies
{
    private const string Setting = "Souk:Proxies";

    /// <summary>Believes <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> of the configured proxies; of nobody when there are none.</summary>
    /// <exception cref="SettingException">One is neither an address nor a network.</exception>
    public static void UseProxies(this IApplicationBuilder app, IConfiguration configuration)
    {
        if (Options(configuration[Setting]) is { } options)
        {
            app.UseForwardedHeaders(options);
        }
    }

    private static ForwardedHeadersOptions? Options(string? setting)
    {
        if (string.IsNullOrWhiteSpace(setting))
        {
            return null;
        }

        // Each hop of a chain of proxies is looked at, and the first that is not one of ours is the client.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in setting.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            options.KnownIPNetworks.Add(Network(proxy));
        }

        return options;
    }

    private static System.Net.IPNetwork Network(string text) =>
        IPAddress.TryParse(text, out var address) ? new(address, address.GetAddressBytes().Length * 8)
        : System.Net.IPNetwork.TryParse(text, out var network) ? network
        : throw new SettingException($"{Setting} has '{text}'; it lists addresses such as 10.0.0.5 and networks such as 10.0.0.0/24, with commas between them.");
}
