using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Souk.Testing;

namespace Souk.Customers.Tests.Tokens;

/// <summary>Makes tokens that the shop did not: right in everything but in what a test changes.</summary>
internal static class Forger
{
    /// <summary>A token with the claims of a person's own, under the shop's own key unless another is given.</summary>
    public static async Task<string> Forge(this TestShop shop, Person who, Action<SecurityTokenDescriptor> change)
    {
        await using var db = shop.Database();
        var key = await db.SigningKeys.SingleAsync(k => k.RetiredAt == null);
        var now = shop.Clock.GetUtcNow().UtcDateTime;
        var token = new SecurityTokenDescriptor
        {
            Issuer = "souk",
            Audience = "souk",
            TokenType = "at+jwt",
            Claims = new Dictionary<string, object> { ["sub"] = who.Id.ToString(), ["sid"] = new JsonWebToken(who.Token).GetPayloadValue<string>("sid"), ["username"] = who.Username, ["role"] = "customer" },
            IssuedAt = now,
            NotBefore = now,
            Expires = now.AddMinutes(15),
            SigningCredentials = key.Credentials(),
        };
        change(token);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }

    public static string Encode(string json) => Base64UrlEncoder.Encode(json);
}
