using Microsoft.AspNetCore.Http;
using Souk.Platform.Errors;

namespace Souk.Platform.Security;

/// <summary>Reads the bearer token and asks the endpoint's <see cref="Access"/>, before anything else of the request is read.</summary>
internal sealed class AccessGate(RequestDelegate next, UserTokens users, ServiceTokens services)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (Bearer(http.Request) is { } token)
        {
            await Identify(http, token);
        }

        if (http.GetEndpoint()?.Metadata.GetMetadata<Access>()?.Check(http) is { } error)
        {
            await new Refusal(error).ExecuteAsync(http);
            return;
        }

        await next(http);
    }

    private async Task Identify(HttpContext http, string token)
    {
        if (http.Request.Path.StartsWithSegments("/internal", StringComparison.OrdinalIgnoreCase))
        {
            http.Features.Set(await services.Read(token));
        }
        else
        {
            http.Features.Set(await users.Read(token));
        }
    }

    private static string? Bearer(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
    }
}
