using System.Reflection;
using Microsoft.AspNetCore.Http;
using Souk.Platform.Logging;

namespace Souk.Platform.Security;

/// <summary>Where a request comes from, for people who look at their sessions and for whoever counts wrong guesses.</summary>
/// <param name="Address">The client's network address, an IPv4 one in its own form; empty when unknown.</param>
/// <param name="Agent">What the client calls itself (User-Agent, printable ASCII, cut off at <see cref="AgentMost"/>); it can claim anything.</param>
public sealed record Origin([Personal] string Address, [Personal] string Agent)
{
    /// <summary>The longest name of a client that is kept.</summary>
    public const int AgentMost = 200;

    /// <summary>Reads it off a request (called by the framework, and by hand).</summary>
    public static ValueTask<Origin?> BindAsync(HttpContext http, ParameterInfo parameter) => new(Of(http));

    /// <summary>Reads it off a request.</summary>
    public static Origin Of(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var address = http.Connection.RemoteIpAddress;
        var agent = http.Request.Headers.UserAgent.ToString();
        return new Origin(
            (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString() ?? "",
            string.Concat(agent.Where(c => c is >= ' ' and <= '~').Take(AgentMost)));
    }
}
