using Microsoft.IdentityModel.JsonWebTokens;
using Souk.Testing;

namespace Souk.Customers.Tests.Tokens;

/// <summary>The signing keys' way from published to retired, by a clock that these tests move.</summary>
public sealed class RotationTests : IAsyncLifetime
{
    private const string Keys = "/api/v2/signing-keys";
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Security9_a_key_is_published_before_it_signs_and_retired_after_its_last_token()
    {
        var (first, admin) = ((await Published()).Single(), _shop.Admin);
        var made = await admin.Post("customers", Keys, new { });
        (made.Code, made.Of("state"), made.Headers.Location!.ToString()).ShouldBe((201, "next", "/.well-known/jwks.json"));
        var second = made.Of("kid");

        (await Published()).ShouldBe([first, second]);
        Kid(await Admin()).ShouldBe(first, "others may not know the new one yet");
        (await admin.Post("customers", Keys, new { })).Of("kid").ShouldBe(second, "a rotation under way is not started twice");

        _shop.Clock.Advance(TimeSpan.FromMinutes(5));
        Kid(await Admin()).ShouldBe(second);
        (await States()).ShouldBe(["retiring", "signing"]);
        (await admin.Reads("/api/v2/customers")).Code.ShouldBe(200, "its token is as good as before");

        _shop.Clock.Advance(TimeSpan.FromMinutes(16));
        (await Published()).ShouldBe([first, second], "the last token that it signed may be in use still");
        _shop.Clock.Advance(TimeSpan.FromMinutes(1));
        (await Published()).ShouldBe([second]);
        (await States()).ShouldBe(["signing"]);
    }

    [Fact]
    public async Task Security9_a_key_that_has_signed_for_long_enough_is_followed_by_another()
    {
        var first = (await Published()).Single();
        _shop.Clock.Advance(TimeSpan.FromDays(29));
        Kid(await Admin()).ShouldBe(first);
        (await Published()).ShouldBe([first]);

        _shop.Clock.Advance(TimeSpan.FromDays(1));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Admin()));
        var both = await Published();
        (both.Length, both[0]).ShouldBe((2, first));

        _shop.Clock.Advance(TimeSpan.FromMinutes(5));
        Kid(await Admin()).ShouldBe(both[1]);
    }

    [Fact]
    public async Task Security9_a_stolen_key_is_retired_at_once()
    {
        var before = _shop.Admin;
        var stolen = (await Published()).Single();
        var forged = new Person(_shop, "admin", await _shop.Forge(before, t => t.Claims!["permissions"] = new[] { "customers:read" }));
        (await forged.Reads("/api/v2/customers")).Code.ShouldBe(200, "or this test would prove nothing");

        (await before.Post("customers", Keys, new { at_once = true })).Of("state").ShouldBe("signing");

        (await Published()).ShouldNotContain(stolen);
        var again = await Admin();
        _shop.Clock.Advance(TimeSpan.FromMinutes(2));
        (await forged.Reads("/api/v2/customers")).ShouldRefuse(401, "unauthenticated");
        foreach (var (service, path) in new[] { ("customers", "/api/v2/customers"), ("sales", "/api/v2/orders"), ("reviews", "/api/v2/moderation-queue") })
        {
            (await before.Get(service, path)).ShouldRefuse(401, "unauthenticated");
            (await again.Get(service, path)).Must(200);
        }
    }

    [Fact]
    public async Task Security9_a_retired_key_is_forgotten_for_good_with_the_next_rotation()
    {
        var first = (await Published()).Single();
        await _shop.Admin.Post("customers", Keys, new { });
        _shop.Clock.Advance(TimeSpan.FromMinutes(30));
        await (await Admin()).Post("customers", Keys, new { });

        (await _shop.Storage.Number("customers", $"SELECT count(*) FROM signing_keys WHERE kid = '{first}'")).ShouldBe(0);
        (await _shop.Storage.Number("customers", "SELECT count(*) FROM signing_keys")).ShouldBe(2);
    }

    private async Task<string[]> Published() => [.. (await _shop.Visitor.Reads("/.well-known/jwks.json"))["keys"].EnumerateArray().Select(k => k.GetProperty("kid").GetString()!)];

    private async Task<string[]> States() => [.. (await (await Admin()).Reads(Keys))["items"].EnumerateArray().Select(k => k.GetProperty("state").GetString()!)];

    private Task<Person> Admin() => _shop.SignsIn("admin", TestShop.Password);

    private static string Kid(Person who) => new JsonWebToken(who.Token).Kid;
}
