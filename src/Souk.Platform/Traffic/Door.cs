using Microsoft.AspNetCore.Http;
using Souk.Platform.Errors;

namespace Souk.Platform.Traffic;

/// <summary>
/// Endpoint metadata: whether the work behind an endpoint takes no more. It is asked before anything of a request is read; a request that is turned away
/// only after its token, body and buyer were looked at costs a good part of one that is served, and under overload there would be nothing left to serve with.
/// </summary>
/// <param name="Full">Why nothing more is taken, or null.</param>
public sealed record Door(Func<IServiceProvider, Error?> Full);

/// <summary>Turns requests away at the door.</summary>
internal sealed class Doorkeeper(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<Door>()?.Full(http.RequestServices) is { } full ? new Refusal(full).ExecuteAsync(http) : next(http);
}
