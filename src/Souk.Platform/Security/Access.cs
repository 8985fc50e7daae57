using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;

namespace Souk.Platform.Security;

/// <summary>
/// Who may call an operation. Every endpoint declares one; a service with an endpoint that does not fails to start.
/// </summary>
public sealed class Access
{
    private readonly Func<HttpContext, Caller?, Error?> _check;

    private Access(string rule, Func<HttpContext, Caller?, Error?> check) => (Rule, _check) = (rule, check);

    /// <summary>Anyone, signed in or not.</summary>
    public static Access Anyone { get; } = new("anyone", (_, _) => null);

    /// <summary>Whoever is signed in; the handler looks at whose things they are.</summary>
    public static Access SignedIn { get; } = new("signed_in", (_, caller) => caller is null ? Unauthenticated() : null);

    /// <summary>Other services, by their own token; no user's token is taken.</summary>
    public static Access Service { get; } = new("service", (http, _) => http.Features.Get<CallingService>() is null ? Unauthenticated() : null);

    /// <summary>The rule in a few words, for the OpenAPI document and its tests.</summary>
    public string Rule { get; }

    /// <summary>Callers with a permission.</summary>
    public static Access Needs(string permission) => new(permission, (_, caller) =>
        caller is null ? Unauthenticated() : caller.Can(permission) ? null : Forbidden(permission));

    /// <summary>The customer whose username stands in the path, and callers with a permission.</summary>
    /// <param name="routeValue">The path parameter with the username.</param>
    /// <param name="permission">What lets others call it too.</param>
    /// <param name="hidden">What others are told in the second contract: the same as if it did not exist.</param>
    public static Access Self(string routeValue, string permission, Func<string, Error> hidden) => new($"self|{permission}", (http, caller) =>
    {
        var username = http.GetRouteValue(routeValue)?.ToString() ?? "";
        return caller is null ? Unauthenticated()
            : string.Equals(caller.Username, username, StringComparison.Ordinal) || caller.Can(permission) ? null
            : http.Contract() == Contract.V1 ? Forbidden(permission) : hidden(username);
    });

    /// <summary>The refusal of callers who lack a permission.</summary>
    public static Error Forbidden(string permission) => CommonErrors.Forbidden.With($"This needs the permission '{permission}'.");

    internal Error? Check(HttpContext http) => _check(http, Caller.Of(http));

    /// <summary>The refusal of callers who are not signed in.</summary>
    internal static Error Unauthenticated() => CommonErrors.Unauthenticated.With("Send a valid bearer token in the Authorization header.");
}

/// <summary>The service that calls, in requests between services.</summary>
/// <param name="Name">Its name.</param>
internal sealed record CallingService(string Name);
