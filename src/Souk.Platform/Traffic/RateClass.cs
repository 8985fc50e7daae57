using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Souk.Platform.Security;

namespace Souk.Platform.Traffic;

/// <summary>
/// What kind of request it is, for the limits on how many there may be. It follows from what an operation declares anyway: whatever
/// changes something and may be called by anyone (signing in, registering) is the strict kind. As endpoint metadata it overrides that.
/// </summary>
public sealed class RateClass
{
    private RateClass()
    {
    }

    /// <summary>Guesses at secrets and new accounts: changes that anyone may ask for.</summary>
    public static RateClass SignIn { get; } = new();

    /// <summary>Reads.</summary>
    public static RateClass Reads { get; } = new();

    /// <summary>Changes by those who are signed in.</summary>
    public static RateClass Writes { get; } = new();

    /// <summary>Not limited: between services, and probes.</summary>
    public static RateClass Free { get; } = new();

    /// <summary>The kind of requests to an endpoint.</summary>
    internal static RateClass Of(Endpoint endpoint) =>
        Of(endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0] ?? "", endpoint.Metadata.GetMetadata<Access>(), endpoint.Metadata.GetMetadata<RateClass>());

    /// <summary>The kind of a request.</summary>
    internal static RateClass Of(HttpContext http)
    {
        var declared = http.GetEndpoint()?.Metadata;
        return Of(http.Request.Method, declared?.GetMetadata<Access>(), declared?.GetMetadata<RateClass>());
    }

    /// <summary>The kind of requests to an operation.</summary>
    internal static RateClass Of(string method, Access? access, RateClass? declared) =>
        declared ?? (access == Access.Service ? Free : HttpMethods.IsGet(method) ? Reads : access == Access.Anyone ? SignIn : Writes);
}
