using Microsoft.IdentityModel.JsonWebTokens;
using Souk.Testing;

namespace Souk.Customers.Tests.Tokens;

/// <summary>Tokens end by the shop's clock, which these tests move; so each has a shop of its own.</summary>
public sealed class ExpiryTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Security8_a_token_ends_after_a_quarter_of_an_hour_and_a_minute_for_clocks_that_differ()
    {
        var (used, unused) = (await _shop.NewCustomer(), await _shop.NewCustomer());
        (await used.Reads(used.Path())).Must(200);

        _shop.Clock.Advance(TimeSpan.FromMinutes(15));
        (await used.Reads(used.Path())).Code.ShouldBe(200, "clocks may differ by a minute");

        _shop.Clock.Advance(TimeSpan.FromMinutes(1));
        (await used.Reads(used.Path())).ShouldRefuse(401, "unauthenticated");
        (await unused.Reads(unused.Path())).ShouldRefuse(401, "unauthenticated");
        var again = await _shop.SignsIn(used.Username, TestShop.Password);
        (await again.Reads(again.Path())).Must(200);
    }

    [Theory]
    [InlineData("/api/v2/tokens", "access_token")]
    [InlineData("/api/v1/customer/auth/login", "data.token")]
    public async Task Security8_a_token_is_signed_by_an_asymmetric_key_and_lives_a_quarter_of_an_hour(string path, string place)
    {
        var jo = await _shop.NewCustomer();

        var token = new JsonWebToken((await _shop.Visitor.Post("customers", path, new { username = jo.Username, password = TestShop.Password })).Of(place));

        (token.Alg, token.Typ, token.Issuer, token.Audiences.Single()).ShouldBe(("ES256", "at+jwt", "souk", "souk"));
        (token.ValidTo - token.IssuedAt, token.ValidFrom).ShouldBe((TimeSpan.FromMinutes(15), token.IssuedAt));
    }

    [Fact]
    public async Task A_services_token_ends_too()
    {
        var sales = _shop.AsSales();
        (await sales.Reads("/internal/customers?username=admin")).Must(200);

        _shop.Clock.Advance(TimeSpan.FromMinutes(6));

        (await sales.Reads("/internal/customers?username=admin")).ShouldRefuse(401, "unauthenticated");
        (await _shop.AsSales().Reads("/internal/customers?username=admin")).Must(200);
    }

    [Fact]
    public async Task The_signing_key_outlives_a_restart()
    {
        var jo = await _shop.NewCustomer();
        var before = await _shop.Visitor.Reads("/.well-known/jwks.json");

        await _shop.Reopen();

        (await _shop.Visitor.Reads("/.well-known/jwks.json")).Text.ShouldBe(before.Text);
        (await jo.Reads(jo.Path())).Must(200);
    }
}
