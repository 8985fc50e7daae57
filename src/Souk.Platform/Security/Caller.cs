using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace Souk.Platform.Security;

/// <summary>Who calls, as the token says.</summary>
/// <param name="Id">The customer's identifier, which is never used twice.</param>
/// <param name="Username">The customer's handle when the token was issued.</param>
/// <param name="Role">The customer's role, for display; what counts are the permissions.</param>
/// <param name="Permissions">What the caller may do besides what belongs to themself.</param>
public sealed record Caller(Guid Id, string Username, string Role, IReadOnlySet<string> Permissions)
{
    /// <summary>The session that the token belongs to (claim <c>sid</c>).</summary>
    public Guid SessionId { get; init; }

    /// <summary>When the caller signed in (claim <c>auth_time</c>), to the second.</summary>
    public DateTimeOffset SignedInAt { get; init; }

    /// <summary>When the caller last showed a second factor in this session (claim <c>factor_at</c>), to the second; null when never.</summary>
    public DateTimeOffset? FactorAt { get; init; }

    /// <summary>Whether the caller's account had a second factor when the token was issued (claim <c>factors</c>).</summary>
    public bool HasFactor { get; init; }

    /// <summary>Whether the caller has a permission.</summary>
    public bool Can(string permission) => Permissions.Contains(permission);

    /// <summary>The caller of a request, or null when nobody is signed in (called by the framework, and by hand).</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext http, ParameterInfo parameter) => new(Of(http));

    internal static Caller? Of(HttpContext http) => http.Features.Get<Caller>();
}
