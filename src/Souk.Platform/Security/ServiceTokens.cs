using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Souk.Platform.Hosting;

namespace Souk.Platform.Security;

/// <summary>
/// The tokens by which services know each other on <c>/internal</c>: short-lived JWTs under one key that all services of a shop
/// share. Their audience and type differ from customers' tokens, so neither passes for the other.
/// </summary>
internal sealed class ServiceTokens(SoukSettings settings, ServiceName self, TimeProvider time)
{
    private const string Audience = "souk-internal";
    private const string Type = "service+jwt";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly SymmetricSecurityKey _key = new(settings.ServiceKey);
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, (CallingService Service, DateTimeOffset Until)> _checked = new(StringComparer.Ordinal);
    private (string Token, DateTimeOffset Renew) _own;

    /// <summary>This service's token, renewed before it expires.</summary>
    public string Own()
    {
        var now = time.GetUtcNow();
        var own = _own;
        if (own.Token is null || now >= own.Renew)
        {
            own = (Issue(now), now + (Lifetime / 2));
            _own = own;
        }

        return own.Token;
    }

    /// <summary>The calling service, or null when the token is not valid now.</summary>
    public async Task<CallingService?> Read(string token)
    {
        if (_checked.TryGetValue(token, out var known))
        {
            return known.Until > time.GetUtcNow() ? known.Service : null;
        }

        if (token.Length > TokenNames.Longest)
        {
            return null;
        }

        var result = await _handler.ValidateTokenAsync(token, Rules());
        return result is { IsValid: true, SecurityToken: JsonWebToken jwt } ? Remember(token, jwt) : null;
    }

    private CallingService Remember(string token, JsonWebToken jwt)
    {
        // A handful of services with a token each five minutes: emptying now and then is bound enough.
        if (_checked.Count > 1000)
        {
            _checked.Clear();
        }

        var service = new CallingService(jwt.Subject);
        _checked[token] = (service, new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero));
        return service;
    }

    private string Issue(DateTimeOffset now) => _handler.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = TokenNames.Issuer,
        Audience = Audience,
        TokenType = Type,
        Claims = new Dictionary<string, object> { [JwtRegisteredClaimNames.Sub] = self.Name },
        IssuedAt = now.UtcDateTime,
        NotBefore = now.UtcDateTime,
        Expires = (now + Lifetime).UtcDateTime,
        SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.HmacSha256),
    });

    private TokenValidationParameters Rules() => new()
    {
        ValidIssuer = TokenNames.Issuer,
        ValidAudience = Audience,
        ValidTypes = [Type],
        ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
        IssuerSigningKey = _key,
        RequireExpirationTime = true,
        LifetimeValidator = (_, to, _, _) => to > time.GetUtcNow().UtcDateTime,
    };
}
