using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Souk.Customers.Accounts;
using Souk.Customers.Sessions;
using Souk.Customers.V1;
using Souk.Platform.Persistence;
using Souk.Platform.Security;
using Souk.Platform.Values;

namespace Souk.Customers.Tokens;

/// <summary>For how long a signing key signs before the next token asks for another.</summary>
/// <param name="Age">So long.</param>
internal sealed record KeyAge(TimeSpan Age);

/// <summary>
/// Issues access tokens: JWTs (RFC 9068) signed with ES256. The first start makes the first key; when a key has signed for long
/// enough, a sign-in starts the rotation. Keys and the permissions of roles are read anew for each token, so that several instances
/// agree; beside the hashing of a password that is little.
/// </summary>
internal sealed class TokenIssuer(IDbContextFactory<CustomersDb> contexts, GroupCommit<CustomersDb> writer, RotateKeys rotate, KeyAge age, IdSource ids, TimeProvider time) : IHostedService
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private SigningCredentials? _credentials;

    /// <summary>Makes the first key, and looks at those that there are.</summary>
    /// <exception cref="Souk.Platform.Hosting.SettingException">One of them is weak or broken.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var first = SigningKey.Make(time.GetUtcNow().UtcDateTime);
        _ = (await writer.Write<bool>(async db =>
        {
            var missing = !await db.SigningKeys.AnyAsync(CancellationToken.None);
            if (missing)
            {
                db.Add(first);
            }

            return missing;
        })).Value;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var key in await db.SigningKeys.AsNoTracking().ToListAsync(cancellationToken))
        {
            _ = key.Public();
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A token for the second contract: who it is and what they may do.</summary>
    public Task<string> Issue(Customer customer, Session session) => Sign(customer, session, new() { [TokenNames.Role] = customer.Role });

    /// <summary>A token for the first contract, which promises the profile in it as well.</summary>
    public Task<string> IssueWithProfile(Customer customer, Session session) => Sign(customer, session, new()
    {
        [TokenNames.Role] = Wire(V1Roles.Shown(customer.Role)),
        ["name"] = customer.Name,
        ["age"] = customer.Age,
        ["address"] = customer.Address,
        ["gender"] = customer.Gender,
        ["marital_status"] = Wire(customer.MaritalStatus),
    });

    private static void Tell(Session session, Customer customer, Dictionary<string, object> claims)
    {
        claims[TokenNames.Session] = session.Id.ToString();
        claims[TokenNames.SignedInAt] = EpochTime.GetIntDate(session.StartedAt);
        if (session.FactorAt is { } shown)
        {
            claims[TokenNames.FactorAt] = EpochTime.GetIntDate(shown);
        }

        if (customer.SecondFactor)
        {
            claims[TokenNames.Factors] = true;
        }
    }

    private async Task<string> Sign(Customer customer, Session session, Dictionary<string, object> claims)
    {
        await using var db = await contexts.CreateDbContextAsync();
        var role = await db.Roles.AsNoTracking().SingleOrDefaultAsync(r => r.Name == customer.Role);
        claims[JwtRegisteredClaimNames.Sub] = customer.Id.ToString();
        claims[JwtRegisteredClaimNames.Jti] = ids.Next().ToString();
        claims[TokenNames.Username] = customer.Username;
        claims[TokenNames.Permissions] = role?.Permissions ?? [];
        Tell(session, customer, claims);
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
            SigningCredentials = await Credentials(db, now.UtcDateTime),
        });
    }

    private async Task<SigningCredentials> Credentials(CustomersDb db, DateTime now)
    {
        var ring = new KeyRing(await db.SigningKeys.AsNoTracking().ToListAsync(), now);
        var signer = ring.Signer ?? throw new InvalidOperationException("There is no signing key; the first start makes one.");
        if (ring.Next is null && signer.CreatedAt + age.Age <= now)
        {
            // The token at hand is signed with the key of today. If the next one can't be stored now, another sign-in makes it.
            await rotate.Run(atOnce: false);
        }

        // The same object while the key is the same: it has the key ready for use.
        var credentials = _credentials;
        return credentials?.Key.KeyId == signer.Kid ? credentials : _credentials = signer.Credentials();
    }

    private static string Wire(Enum word) => JsonNamingPolicy.SnakeCaseLower.ConvertName(word.ToString());
}
