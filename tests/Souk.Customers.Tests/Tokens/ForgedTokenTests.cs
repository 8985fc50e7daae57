using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Souk.Testing;

namespace Souk.Customers.Tests.Tokens;

/// <summary>A token counts only when the shop signed it, for this audience, and now.</summary>
public class ForgedTokenTests(TestShop shop)
{
    [Fact]
    public async Task The_forger_can_make_a_good_token() // or the other tests would prove nothing
    {
        var jo = await shop.NewCustomer();

        (await Answer(jo, await shop.Forge(jo, _ => { }))).Must(200);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    public async Task Security7_a_token_without_a_signature_is_refused(string algorithm)
    {
        var jo = await shop.NewCustomer();
        var header = Forger.Encode($$"""{"alg":"{{algorithm}}","typ":"at+jwt","kid":"{{Kid(jo)}}"}""");

        await Refused(jo, $"{header}.{Part(jo, 1)}.");
        await Refused(jo, $"{header}.{Part(jo, 1)}.{Part(jo, 2)}");
    }

    [Fact]
    public async Task Security7_a_token_signed_with_the_public_key_as_a_shared_secret_is_refused()
    {
        var jo = await shop.NewCustomer();
        var keys = await shop.Visitor.Reads("/.well-known/jwks.json");
        using var pair = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64UrlEncoder.DecodeBytes(keys.Of("keys.0.x")), Y = Base64UrlEncoder.DecodeBytes(keys.Of("keys.0.y")) },
        });

        foreach (var secret in new[] { Encoding.UTF8.GetBytes(pair.ExportSubjectPublicKeyInfoPem()), pair.ExportSubjectPublicKeyInfo(), Encoding.UTF8.GetBytes(keys.Text) })
        {
            var credentials = new SigningCredentials(new SymmetricSecurityKey(secret) { KeyId = Kid(jo) }, SecurityAlgorithms.HmacSha256);
            await Refused(jo, await shop.Forge(jo, t => t.SigningCredentials = credentials));
        }
    }

    [Fact]
    public async Task Security7_a_changed_signature_and_changed_claims_are_refused()
    {
        var jo = await shop.NewCustomer();
        var signature = Base64UrlEncoder.DecodeBytes(Part(jo, 2));
        signature[10] ^= 1;
        var claims = Base64UrlEncoder.Decode(Part(jo, 1)).Replace("\"customer\"", "\"admin\"", StringComparison.Ordinal);

        await Refused(jo, $"{Part(jo, 0)}.{Part(jo, 1)}.{Base64UrlEncoder.Encode(signature)}");
        await Refused(jo, $"{Part(jo, 0)}.{Forger.Encode(claims)}.{Part(jo, 2)}");
        await Refused(jo, $"{Part(jo, 0)}.{Part(jo, 1)}.");
    }

    [Fact]
    public async Task Security7_another_key_is_refused_whatever_the_header_says_about_it()
    {
        var jo = await shop.NewCustomer();
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var own = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(pair));

        foreach (var kid in new[] { Kid(jo), "another", "" })
        {
            var credentials = new SigningCredentials(new ECDsaSecurityKey(pair) { KeyId = kid }, SecurityAlgorithms.EcdsaSha256);
            await Refused(jo, await shop.Forge(jo, t => t.SigningCredentials = credentials));
            await Refused(jo, await shop.Forge(jo, t => (t.SigningCredentials, t.AdditionalHeaderClaims) = (credentials, new Dictionary<string, object>
            {
                ["jku"] = "http://127.0.0.1:1/jwks.json",
                ["x5u"] = "http://127.0.0.1:1/cert.pem",
                ["jwk"] = new Dictionary<string, string> { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = own.X, ["y"] = own.Y },
            })));
        }
    }

    [Fact]
    public async Task Security8_a_token_for_somebody_else_than_this_shop_is_refused()
    {
        var jo = await shop.NewCustomer();

        await Refused(jo, await shop.Forge(jo, t => t.Audience = "souk-internal"));
        await Refused(jo, await shop.Forge(jo, t => t.Audience = null));
        await Refused(jo, await shop.Forge(jo, t => t.Issuer = "another-shop"));
        await Refused(jo, await shop.Forge(jo, t => t.TokenType = "JWT"));
        await Refused(jo, await shop.Forge(jo, t => t.TokenType = "service+jwt"));
    }

    [Fact]
    public async Task Security8_a_token_out_of_its_time_is_refused()
    {
        var jo = await shop.NewCustomer();
        var now = shop.Clock.GetUtcNow().UtcDateTime;

        await Refused(jo, await shop.Forge(jo, t => (t.NotBefore, t.Expires) = (now.AddMinutes(-20), now.AddMinutes(-5))));
        await Refused(jo, await shop.Forge(jo, t => (t.NotBefore, t.Expires) = (now.AddMinutes(5), now.AddMinutes(20))));
        await Refused(jo, await shop.Forge(jo, t => t.Expires = null));
        await Refused(jo, await shop.Forge(jo, t => t.Expires = now.AddMinutes(15 + 2))); // No token lives that long.
    }

    [Fact]
    public async Task A_token_without_a_subject_or_a_name_is_refused()
    {
        var jo = await shop.NewCustomer();

        await Refused(jo, await shop.Forge(jo, t => t.Claims!.Remove("sub")));
        await Refused(jo, await shop.Forge(jo, t => t.Claims!["sub"] = "jo"));
        await Refused(jo, await shop.Forge(jo, t => t.Claims!.Remove("username")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("e30.e30.")]
    public async Task What_is_no_token_is_refused(string token) => await Refused(await shop.NewCustomer(), token);

    [Fact]
    public async Task A_token_of_enormous_length_is_refused() => await Refused(await shop.NewCustomer(), new string('a', 8000));

    [Fact]
    public async Task Permissions_come_from_the_signed_token_alone()
    {
        var jo = await shop.NewCustomer();
        var stranger = new Person(shop, jo.Username, await shop.Forge(jo, t => t.Claims!["role"] = "admin"));

        (await stranger.Reads("/api/v2/customers")).ShouldRefuse(403, "forbidden");
    }

    private static string Part(Person who, int part) => who.Token!.Split('.')[part];

    private static string Kid(Person who) => new JsonWebToken(who.Token).Kid;

    private Task<Answer> Answer(Person who, string token) => new Person(shop, who.Username, token).Reads(who.Path());

    private async Task Refused(Person who, string token)
    {
        var answer = await Answer(who, token);
        answer.ShouldRefuse(401, "unauthenticated");
        answer.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Bearer");
        var stranger = new Person(shop, who.Username, token);
        (await stranger.Reads($"/api/v1/customer/get/{who.Username}")).ShouldDetail(401);
        foreach (var (service, path) in new[] { ("sales", "/api/v2/orders"), ("reviews", "/api/v2/moderation-queue"), ("inventory", "/api/v2/products/1/stock-adjustments") })
        {
            (await stranger.Get(service, path)).ShouldRefuse(401, "unauthenticated");
        }
    }
}
