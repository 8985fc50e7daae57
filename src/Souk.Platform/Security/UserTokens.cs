using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Souk.Platform.Security;

/// <summary>
/// Reads customers' access tokens: JWTs (RFC 9068) signed with ES256 by Customers and checked against its published keys. A token
/// that was checked is remembered for a minute, because the signature is the dearest part of a small request; no longer, so that a
/// key that was retired is noticed.
/// </summary>
internal sealed class UserTokens(SigningKeys keys, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _checked = new(new MemoryCacheOptions { SizeLimit = 25_000, CompactionPercentage = 0.2 });
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    /// <summary>The caller, or null when the token is not valid now.</summary>
    public async Task<Caller?> Read(string token)
    {
        if (token.Length > TokenNames.Longest)
        {
            return null;
        }

        if (_checked.TryGetValue(token, out Remembered? known) && known!.Until > time.GetUtcNow())
        {
            return known.Caller;
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
        var (forgotten, expired) = (time.GetUtcNow() + Kept, new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero) + TokenNames.Skew);
        _checked.Set(token, new Remembered(caller, forgotten < expired ? forgotten : expired), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Kept });
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
        LifetimeValidator = (from, to, _, _) => IsNow(from, to, time.GetUtcNow().UtcDateTime),
    };

    /// <summary>Whether a token is valid now. One that will be for longer than any that is issued is not trusted at all.</summary>
    private static bool IsNow(DateTime? from, DateTime? to, DateTime now) =>
        to + TokenNames.Skew > now && to - TokenNames.Skew <= now + TokenNames.Lifetime && (from is null || from - TokenNames.Skew <= now);

    private static Caller? CallerOf(JsonWebToken jwt) =>
        Guid.TryParse(jwt.Subject, out var id) && jwt.TryGetPayloadValue<string>(TokenNames.Username, out var username)
        && jwt.TryGetPayloadValue<string>(TokenNames.Session, out var sid) && Guid.TryParse(sid, out var session)
            ? new Caller(
                id,
                username,
                jwt.TryGetPayloadValue<string>(TokenNames.Role, out var role) ? role : "",
                jwt.Claims.Where(c => c.Type == TokenNames.Permissions).Select(c => c.Value).ToHashSet(StringComparer.Ordinal))
            {
                SessionId = session,
                SignedInAt = TimeOf(jwt, TokenNames.SignedInAt) ?? new DateTimeOffset(jwt.IssuedAt, TimeSpan.Zero),
                FactorAt = TimeOf(jwt, TokenNames.FactorAt),
                HasFactor = jwt.TryGetPayloadValue<bool>(TokenNames.Factors, out var has) && has,
            }
            : null;

    private static DateTimeOffset? TimeOf(JsonWebToken jwt, string claim) =>
        jwt.TryGetPayloadValue<long>(claim, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

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

    /// <summary>The claim with the session (OpenID Connect Front-Channel Logout 1.0).</summary>
    public const string Session = "sid";

    /// <summary>The claim that tells when the customer signed in, in seconds since 1970 (OpenID Connect Core 1.0).</summary>
    public const string SignedInAt = "auth_time";

    /// <summary>The claim that tells when the customer last showed a second factor in this session, in seconds since 1970.</summary>
    public const string FactorAt = "factor_at";

    /// <summary>The claim that is true when the customer's account has a second factor, and missing otherwise.</summary>
    public const string Factors = "factors";

    /// <summary>How long an access token lives.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>How far two machines' clocks may differ: for so long a token counts before and after its time.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    /// <summary>The longest token that is read, in characters.</summary>
    internal const int Longest = 4096;
}
