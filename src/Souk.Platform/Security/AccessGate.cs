using Microsoft.AspNetCore.Http;
using Souk.Platform.Errors;

namespace Souk.Platform.Security;

/// <summary>Reads the bearer token and asks the endpoint's <see cref="Access"/>, before anything else of the request is read.</summary>
internal sealed class AccessGate(RequestDelegate next, UserTokens users, StillSignedIn stillSignedIn, ServiceTokens services, SigningKeys keys)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var uncheckable = Bearer(http.Request) is { } token ? await Identify(http, token) : null;
        var access = http.GetEndpoint()?.Metadata.GetMetadata<Access>();
        if (access != Access.Anyone || !HttpMethods.IsGet(http.Request.Method) || http.Request.Headers.Authorization.Count > 0)
        {
            // What only some may see is not for caches, nor is what somebody is given: a token, an account, a draft of their own.
            http.Response.Headers.CacheControl = "no-store";
        }

        if (access?.Check(http) is { } error)
        {
            // A token that nobody could check is not a wrong one: the caller should come back, not sign in again.
            await new Refusal(uncheckable ?? error).ExecuteAsync(http);
            return;
        }

        await next(http);
    }

    /// <summary>Notes who calls, if the token is valid; tells why it could not be checked, if it could not.</summary>
    private async Task<Error?> Identify(HttpContext http, string token)
    {
        if (http.Request.Path.StartsWithSegments("/internal", StringComparison.OrdinalIgnoreCase))
        {
            http.Features.Set(await services.Read(token));
            return null;
        }

        var caller = await users.Read(token);
        if (caller is null)
        {
            return keys.Failure;
        }

        http.Features.Set(await stillSignedIn(caller, http.RequestAborted) ? caller : null);
        return null;
    }

    private static string? Bearer(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
    }
}
