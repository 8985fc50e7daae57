using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Souk.Customers;
using Souk.Testing;

namespace Souk.Tests;

/// <summary>The signing key changes while everybody is at work.</summary>
public sealed class KeyRotationTests : IAsyncLifetime
{
    private const int Workers = 4;

    /// <summary>An operation of each service that needs a token.</summary>
    private static readonly (string Service, string Path)[] Guarded =
        [("customers", "/api/v2/customers"), ("sales", "/api/v2/orders"), ("reviews", "/api/v2/moderation-queue"), ("inventory", "/api/v2/products/1/stock-adjustments"), ("customers", "/api/v1/customer/get"), ("sales", "/api/v1/sales/get")];

    private readonly TestShop _shop = new();
    private readonly int[] _rounds = new int[Workers];
    private readonly List<string> _failed = [];

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Security9_keys_rotate_under_load_without_a_failed_request_and_the_retired_key_is_refused()
    {
        await _shop.NewProduct();
        var stolen = await Credentials();
        var old = new Person(_shop, "admin", Forge(stolen, _shop.Admin));
        (await old.Get("sales", "/api/v2/orders")).Code.ShouldBe(200, "or this test would prove nothing");
        using var end = new CancellationTokenSource();
        var load = Enumerable.Range(0, Workers).Select(i => Task.Run(() => Work(i, end.Token))).ToArray();

        (await _shop.Admin.Post("customers", "/api/v2/signing-keys", new { })).Must(201);
        for (var minutes = 0; minutes < 26; minutes += 2)
        {
            // Everybody has signed in and been everywhere before the clock goes on.
            var before = _rounds.ToArray();
            await TestShop.Eventually(() => Task.FromResult(_rounds.Zip(before).All(r => r.First >= r.Second + 2)), "two rounds of everybody");
            _shop.Clock.Advance(TimeSpan.FromMinutes(2));
        }

        await end.CancelAsync();
        await Task.WhenAll(load);
        _failed.ShouldBeEmpty();
        var now = await _shop.SignsIn("admin", TestShop.Password);
        new JsonWebToken(now.Token).Kid.ShouldNotBe(stolen.Key.KeyId);
        var forged = new Person(_shop, "admin", Forge(stolen, now));
        foreach (var (service, path) in Guarded)
        {
            (await forged.Get(service, path)).Code.ShouldBe(401, path);
            (await now.Get(service, path)).Code.ShouldBe(200, path);
        }
    }

    private async Task Work(int worker, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            var signedIn = await _shop.SignsIn("admin", TestShop.Password);
            foreach (var (service, path) in Guarded)
            {
                var answer = await signedIn.Get(service, path);
                if (answer.Code != 200)
                {
                    lock (_failed)
                    {
                        _failed.Add($"{path}: {answer.Code} {answer.Text}");
                    }
                }
            }

            _rounds[worker]++;
        }
    }

    private async Task<SigningCredentials> Credentials()
    {
        await using var db = await _shop.Parts("customers").GetRequiredService<IDbContextFactory<CustomersDb>>().CreateDbContextAsync();
        return (await db.SigningKeys.SingleAsync()).Credentials();
    }

    /// <summary>A token as good as any, but for its key: of a session that is open.</summary>
    private string Forge(SigningCredentials credentials, Person of)
    {
        var now = _shop.Clock.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "souk",
            Audience = "souk",
            TokenType = "at+jwt",
            Claims = new Dictionary<string, object> { ["sub"] = $"{of.Id}", ["username"] = of.Username, ["sid"] = new JsonWebToken(of.Token).GetPayloadValue<string>("sid"), ["permissions"] = Contracts.Permissions.All },
            IssuedAt = now,
            NotBefore = now,
            Expires = now.AddMinutes(15),
            SigningCredentials = credentials,
        });
    }
}
