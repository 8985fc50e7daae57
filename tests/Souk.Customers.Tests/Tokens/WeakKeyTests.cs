using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Souk.Customers.Tokens;
using Souk.Platform.Hosting;
using Souk.Testing;

namespace Souk.Customers.Tests.Tokens;

/// <summary>Keys that could be guessed or broken stop the start.</summary>
[Trait("security", "18")]
public sealed class WeakKeyTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    public static TheoryData<string> WeakServiceKeys => new(
        "",
        "weak",
        Convert.ToBase64String(RandomNumberGenerator.GetBytes(31)),
        Convert.ToBase64String(new byte[32]),
        Convert.ToBase64String(new byte[64]),
        Convert.ToBase64String(Encoding.UTF8.GetBytes("passwordpasswordpasswordpassword")),
        Convert.ToBase64String(Encoding.UTF8.GetBytes("0123456789012345678901234567890123456789")));

    [Theory]
    [MemberData(nameof(WeakServiceKeys))]
    public void Security18_a_weak_key_between_services_stops_the_start(string key) =>
        Should.Throw<SettingException>(() => Read(key)).Message.ShouldStartWith("Souk:ServiceKey");

    [Fact]
    public void Security18_a_random_key_between_services_does_not()
    {
        for (var i = 0; i < 1000; i++)
        {
            var key = RandomNumberGenerator.GetBytes(32);
            Read(Convert.ToBase64String(key)).ServiceKey.ShouldBe(key);
        }
    }

    [Fact]
    public async Task Security18_a_weak_or_broken_signing_key_stops_the_start()
    {
        using var small = ECDsa.Create(ECCurve.CreateFromFriendlyName("secp224r1"));
        foreach (var (key, words) in new[] { (small.ExportPkcs8PrivateKey(), "224 bits"), (new byte[] { 1, 2, 3 }, "can't be read") })
        {
            await using (var db = _shop.Database())
            {
                var kept = await db.SigningKeys.AsNoTracking().FirstAsync();
                await db.SigningKeys.ExecuteDeleteAsync();
                db.Add(new SigningKey { Kid = kept.Kid, PrivateKey = key, CreatedAt = kept.CreatedAt });
                await db.SaveChangesAsync();
            }

            await _shop.Stop("customers");
            (await Should.ThrowAsync<SettingException>(() => _shop.StartAgain("customers"))).Message.ShouldContain(words);

            // Without a key the next start makes one.
            await _shop.Storage.Run("customers", "DELETE FROM signing_keys");
            await _shop.StartAgain("customers");
        }
    }

    private SoukSettings Read(string key) =>
        SoukSettings.Read(new ConfigurationBuilder().AddInMemoryCollection([new("Souk:Data", _shop.Data), new("Souk:ServiceKey", key)]).Build());
}
