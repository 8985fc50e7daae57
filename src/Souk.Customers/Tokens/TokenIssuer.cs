using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Souk.Customers.Accounts;
using Souk.Platform.Persistence;
using Souk.Platform.Security;
using Souk.Platform.Values;

namespace Souk.Customers.Tokens;

/// <summary>Issues access tokens: JWTs (RFC 9068) signed with ES256. The first start makes the key.</summary>
internal sealed class TokenIssuer(GroupCommit<CustomersDb> writer, IdSource ids, TimeProvider time) : IHostedService
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private SigningCredentials? _credentials;

    /// <summary>Takes the newest key that counts, or makes the first one.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var made = SigningKey.Make(time.GetUtcNow().UtcDateTime);
        var key = await writer.Write<SigningKey>(async db =>
        {
            if (await db.SigningKeys.AsNoTracking().Where(k => k.RetiredAt == null).OrderByDescending(k => k.CreatedAt).FirstOrDefaultAsync(CancellationToken.None) is { } known)
            {
                return known;
            }

            db.Add(made);
            return made;
        });
        _credentials = key.Value.Credentials();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A token for the second contract: who it is and what they may do.</summary>
    public string Issue(Customer customer) => Sign(Claims(customer));

    /// <summary>A token for the first contract, which promises the profile in it as well.</summary>
    public string IssueWithProfile(Customer customer)
    {
        var claims = Claims(customer);
        claims["name"] = customer.Name;
        claims["age"] = customer.Age;
        claims["address"] = customer.Address;
        claims["gender"] = customer.Gender;
        claims["marital_status"] = Wire(customer.MaritalStatus);
        return Sign(claims);
    }

    private Dictionary<string, object> Claims(Customer customer) => new()
    {
        [JwtRegisteredClaimNames.Sub] = customer.Id.ToString(),
        [JwtRegisteredClaimNames.Jti] = ids.Next().ToString(),
        [TokenNames.Username] = customer.Username,
        [TokenNames.Role] = Wire(customer.Role),
        [TokenNames.Permissions] = Roles.PermissionsOf(customer.Role),
    };

    private string Sign(Dictionary<string, object> claims)
    {
        var now = time.GetUtcNow();
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = TokenNames.Issuer,
            Audience = TokenNames.Audience,
            TokenType = TokenNames.Type,
            Claims = claims,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + TokenNames.Lifetime).UtcDateTime,
            SigningCredentials = _credentials ?? throw new InvalidOperationException("A token was asked for before the service had started."),
        });
    }

    private static string Wire(Enum word) => JsonNamingPolicy.SnakeCaseLower.ConvertName(word.ToString());
}
