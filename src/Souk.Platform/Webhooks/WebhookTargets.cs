using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Souk.Platform.Hosting;

namespace Souk.Platform.Webhooks;

/// <summary>A host that webhooks may not go to.</summary>
internal sealed class TargetRefusedException() : IOException("The host has an address that webhooks may not go to.");

/// <summary>
/// Where webhooks may go: to public addresses over TLS, and to the networks that a setting names, without TLS too. What counts is the
/// address at the moment of connecting: the name is looked up once, every address that it has must be allowed, and the connection goes to
/// one of those very addresses. So a name that says something else each time it is asked for gains nothing.
/// </summary>
public sealed class WebhookTargets
{
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(5);

    private readonly IPNetwork[] _named;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;

    internal WebhookTargets(IPNetwork[] named, Func<string, CancellationToken, Task<IPAddress[]>> resolve) => (_named, _resolve) = (named, resolve);

    /// <summary>Reads the networks of a setting, separated by commas.</summary>
    /// <exception cref="SettingException">One is none.</exception>
    public static WebhookTargets Read(IConfiguration configuration, string key)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var texts = (configuration[key] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new WebhookTargets(
            Array.ConvertAll(texts, text => IPNetwork.TryParse(text, out var network) ? network : throw new SettingException($"{key} has '{text}'; it is a list of networks such as 10.1.0.0/16,fd00:1::/64.")),
            (host, stop) => Dns.GetHostAddressesAsync(host, stop));
    }

    /// <summary>Why a URL can't be a target, as far as it tells by itself; null when it can.</summary>
    public string? Objection(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || url.Host.Length == 0)
        {
            return "It should be an address such as https://shop.example/hooks.";
        }

        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            return "It should have no user name and no fragment.";
        }

        return url.Scheme == "http" && _named.Length == 0 ? "It should begin with https."
            : IPAddress.TryParse(url.IdnHost, out var address) && !May(address, url) ? "Webhooks may not go to this address."
            : null;
    }

    /// <summary>Connections that go to allowed targets only, follow no redirect and go through no proxy.</summary>
    internal SocketsHttpHandler Connections() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = ConnectTime,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        MaxConnectionsPerServer = 20,
        MaxResponseHeadersLength = 16,
        ConnectCallback = Connect,
    };

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await _resolve(host, stop);
        if (addresses.Length == 0 || !Array.TrueForAll(addresses, a => May(a, context.InitialRequestMessage.RequestUri!)))
        {
            throw new TargetRefusedException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // IPNetwork takes an IPv4 address in IPv6's clothes for the IPv4 address, and finds it in IPv6 networks where it is not: none is asked about one.
    private bool May(IPAddress address, Uri url) => !address.IsIPv4MappedToIPv6
        && (Array.Exists(_named, n => n.Contains(address)) || (url.Scheme == "https" && PublicAddress.Is(address)));
}
