using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Souk.Testing;

namespace Souk.Customers.Tests.Tokens;

/// <summary><c>GET /.well-known/jwks.json</c>.</summary>
public class KeySetTests(TestShop shop)
{
    [Fact]
    public async Task Security8_the_published_key_checks_a_token_and_holds_nothing_secret()
    {
        var answer = await shop.Visitor.Reads("/.well-known/jwks.json");

        answer.Must(200);
        answer.Json.Names().ShouldBe(["keys"]);
        answer["keys"].GetArrayLength().ShouldBe(1);
        answer["keys.0"].Names().ShouldBe(["kid", "kty", "crv", "x", "y", "alg", "use"]);
        (answer.Of("keys.0.kty"), answer.Of("keys.0.crv"), answer.Of("keys.0.alg"), answer.Of("keys.0.use")).ShouldBe(("EC", "P-256", "ES256", "sig"));
        var key = new JsonWebKeySet(answer.Text).Keys.Single();
        var jo = await shop.NewCustomer();
        new JsonWebToken(jo.Token).Kid.ShouldBe(key.Kid);
        var check = new TokenValidationParameters { IssuerSigningKey = key, ValidIssuer = "souk", ValidAudience = "souk", ValidTypes = ["at+jwt"] };
        (await new JsonWebTokenHandler().ValidateTokenAsync(jo.Token, check)).IsValid.ShouldBeTrue();
    }
}
