using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Souk.Platform.Security;

/// <summary>
/// Reads customers' access tokens: JWTs (RFC 9068) signed with ES256 by Customers and checked against its published keys. A token
/// that was checked is remembered until it expires, because the signature is the dearest part of a small request.
/// </summary>
internal sealed class UserTokens(SigningKeys keys, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    private readonly MemoryCache _checked = new(new MemoryCacheOptions { SizeLimit = 25_000, CompactionPercentage = 0.2 });
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    /// <summary>The caller, or null when the token is not valid now.</summary>
    public async Task<Caller?> Read(string token)
    {
        if (token.Length > TokenNames.Longest)
        {
            return null;
        }

        if (_checked.TryGetValue(token, out Remembered? known))
        {
            return known!.Until > time.GetUtcNow() ? known.Caller : null;
        }

        if (Header(token)?.Kid is not { Length: > 0 } kid || await keys.Find(kid) is not { } key)
        {
            return null;
        }

        var result = await _handler.ValidateTokenAsync(token, Rules(key));
        return result is { IsValid: true, SecurityToken: JsonWebToken jwt } && CallerOf(jwt) is { } caller ? Remember(token, caller, jwt) : null;
    }

    public void Dispose() => _checked.Dispose();

    private Caller Remember(string token, Caller caller, JsonWebToken jwt)
    {
        var until = new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero) + Skew;
        _checked.Set(token, new Remembered(caller, until), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = TokenNames.Lifetime + Skew });
        return caller;
    }

    private TokenValidationParameters Rules(SecurityKey key) => new()
    {
        ValidIssuer = TokenNames.Issuer,
        ValidAudience = TokenNames.Audience,
        ValidTypes = [TokenNames.Type],
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        IssuerSigningKey = key,
        RequireExpirationTime = true,
        LifetimeValidator = (from, to, _, _) => to + Skew > time.GetUtcNow().UtcDateTime && (from is null || from - Skew <= time.GetUtcNow().UtcDateTime),
    };

    private static Caller? CallerOf(JsonWebToken jwt) =>
        Guid.TryParse(jwt.Subject, out var id) && jwt.TryGetPayloadValue<string>(TokenNames.Username, out var username)
            ? new Caller(
                id,
                username,
                jwt.TryGetPayloadValue<string>(TokenNames.Role, out var role) ? role : "",
                jwt.Claims.Where(c => c.Type == TokenNames.Permissions).Select(c => c.Value).ToHashSet(StringComparer.Ordinal))
            : null;

    private static JsonWebToken? Header(string token)
    {
        try
        {
            return new JsonWebToken(token);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or SecurityTokenException)
        {
            return null;
        }
    }

    private sealed record Remembered(Caller Caller, DateTimeOffset Until);
}

/// <summary>What issuer and readers of tokens agree on.</summary>
public static class TokenNames
{
    /// <summary>The issuer.</summary>
    public const string Issuer = "souk";

    /// <summary>The audience of customers' tokens.</summary>
    public const string Audience = "souk";

    /// <summary>The type of an access token (RFC 9068).</summary>
    public const string Type = "at+jwt";

    /// <summary>The claim with the username.</summary>
    public const string Username = "username";

    /// <summary>The claim with the role.</summary>
    public const string Role = "role";

    /// <summary>The claim with the permissions.</summary>
    public const string Permissions = "permissions";

    /// <summary>How long an access token lives.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>The longest token that is read, in characters.</summary>
    internal const int Longest = 4096;
}
