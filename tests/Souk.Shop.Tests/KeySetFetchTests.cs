using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Souk.Testing;

namespace Souk.Tests;

/// <summary>How a service keeps the key set of another, which is here a small server that counts how often it is asked.</summary>
public sealed class KeySetFetchTests : IAsyncLifetime
{
    private readonly MovableClock _clock = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("souk-keys-");
    private readonly Dictionary<string, ECDsa> _published = [];
    private readonly string[] _urls = [.. FreePort.Some(2).Select(p => $"http://127.0.0.1:{p}")];
    private WebApplication? _issuer;
    private Shop? _sales;
    private RunningShop? _shop;
    private TestStorage? _storage;
    private int _fetches;
    private bool _away;

    public async ValueTask InitializeAsync()
    {
        _storage = await TestStorage.In(_folder.FullName);
        var builder = WebApplication.CreateSlimBuilder();
        _issuer = builder.Build();
        _issuer.Urls.Add(_urls[0]);
        _issuer.MapGet("/.well-known/jwks.json", () =>
        {
            Interlocked.Increment(ref _fetches);
            return _away ? Results.StatusCode(500) : Results.Json(new { keys = _published.Select(k => Public(k.Key, k.Value)) });
        });
        await _issuer.StartAsync();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Souk:Data"] = _folder.FullName,
            ["Services:Customers:Url"] = _urls[0],
            ["Services:Sales:Url"] = _urls[1],
            ["Souk:RateLimits:ExemptLoopback"] = "true",
        }).AddInMemoryCollection(_storage.Settings).Build();
        _sales = await Shop.Start([Shop.Services.Single(s => s.Name == "sales")], configuration, (_, parts) => parts.AddSingleton<TimeProvider>(_clock));
        _shop = RunningShop.Unknown(new Dictionary<string, string> { ["sales"] = _urls[1] });
        Publish("a");
    }

    public async ValueTask DisposeAsync()
    {
        await _sales!.DisposeAsync();
        await _issuer!.DisposeAsync();
        await _storage!.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Security7_unknown_keys_make_a_service_ask_for_the_key_set_once_a_minute_at_most()
    {
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        (await Reads(Token("a"))).ShouldBe(200);
        _fetches.ShouldBe(1);

        for (var minute = 1; minute <= 3; minute++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Reads(Token($"unknown-{minute}-{i}", stranger))));
            answers.ShouldAllBe(code => code == 401);
            _fetches.ShouldBe(minute);
            _clock.Advance(TimeSpan.FromSeconds(61));
        }
    }

    [Fact]
    public async Task Security8_a_service_needs_no_more_than_the_public_keys_and_learns_of_new_ones_within_a_minute()
    {
        (await Reads(Token("a"))).ShouldBe(200);
        Publish("b");
        (await Reads(Token("b"))).ShouldBe(401, "the key set is fresh: nobody makes a service fetch it again so soon");

        _clock.Advance(TimeSpan.FromSeconds(61));
        (await Reads(Token("b"))).ShouldBe(200);
        (await Reads(Token("a"))).ShouldBe(200);
    }

    [Fact]
    public async Task Security9_a_key_that_is_no_longer_published_is_refused_within_two_minutes_even_for_tokens_in_use()
    {
        var inUse = Token("a");
        (await Reads(inUse)).ShouldBe(200);
        _published.Remove("a");
        Publish("b");

        _clock.Advance(TimeSpan.FromMinutes(2));

        (await Reads(inUse)).ShouldBe(401);
        (await Reads(Token("b"))).ShouldBe(200);
    }

    [Fact]
    public async Task While_the_issuer_is_away_known_keys_go_on_until_their_tokens_have_expired_anyway()
    {
        (await Reads(Token("a"))).ShouldBe(200);
        _away = true;

        _clock.Advance(TimeSpan.FromMinutes(10));
        (await Reads(Token("a"))).ShouldBe(200);
        (await Reads(Token("b", _published["a"]))).ShouldBe(503, "nobody can tell");

        _clock.Advance(TimeSpan.FromMinutes(7));
        (await Reads(Token("a"))).ShouldBe(503);
        _away = false;
        await TestShop.Eventually(
            async () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(2));
                return await Reads(Token("a")) == 200;
            },
            "the keys");
    }

    private async Task<int> Reads(string token) => (await new Person(_shop!, "jo", token).Get("sales", "/api/v2/orders")).Code;

    private void Publish(string kid) => _published[kid] = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private string Token(string kid) => Token(kid, _published[kid]);

    private string Token(string kid, ECDsa key)
    {
        var now = _clock.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "souk",
            Audience = "souk",
            TokenType = "at+jwt",
            Claims = new Dictionary<string, object> { ["sub"] = $"{Guid.CreateVersion7(_clock.GetUtcNow())}", ["username"] = "jo", ["sid"] = $"{Guid.CreateVersion7(_clock.GetUtcNow())}" },
            IssuedAt = now,
            NotBefore = now,
            Expires = now.AddMinutes(15),
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(key) { KeyId = kid }, SecurityAlgorithms.EcdsaSha256),
        });
    }

    private static object Public(string kid, ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new { kid, kty = "EC", crv = "P-256", x = Base64UrlEncoder.Encode(point.X), y = Base64UrlEncoder.Encode(point.Y), alg = "ES256", use = "sig" };
    }
}
