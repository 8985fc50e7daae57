using System.Security.Cryptography;
using Souk.Platform.Encryption;
using Souk.Testing;

namespace Souk.Customers.Tests.Encryption;

/// <summary>Personal fields are encrypted where they are stored, and bound to where they belong.</summary>
[Trait("security", "28")]
public sealed class SealedFieldTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Security28_no_name_no_address_and_no_private_key_stands_in_the_database()
    {
        var jo = await _shop.NewSecretive();

        (await jo.Shown()).ShouldBe((Vault.Name, Vault.Address));
        foreach (var (table, column) in new[] { ("customers", "name"), ("customers", "address"), ("kept_answers", "value"), ("signing_keys", "private_key") })
        {
            var stored = await _shop.Stored(table, column);
            stored.ShouldNotBeEmpty();
            stored.ShouldAllBe(v => v[0] == '\u0001', $"{table}.{column}");
            stored.ShouldAllBe(v => !v.Contains(Vault.Name) && !v.Contains(Vault.Address));
        }
    }

    [Fact]
    public async Task Security28_what_is_shown_is_what_was_written_on_both_contracts()
    {
        var jo = await _shop.NewSecretive();
        (await jo.Patch("customers", jo.Path(), new { address = "8 Émile Zola\nΑθήνα" })).Of("address").ShouldBe("8 Émile Zola\nΑθήνα");

        (await jo.Shown()).ShouldBe((Vault.Name, "8 Émile Zola\nΑθήνα"));
        (await _shop.Admin.Reads($"/api/v2/customers?q={jo.Username}")).Of("items.0.name").ShouldBe(Vault.Name);
        (await jo.Reads($"/api/v1/customer/get/{jo.Username}")).Of("data.user.name").ShouldBe(Vault.Name);
        (await _shop.Visitor.Post("customers", "/api/v1/customer/auth/login", new { username = jo.Username, password = TestShop.Password })).Must(200);
    }

    [Fact]
    public async Task Security28_a_repeated_registration_gets_its_kept_answer()
    {
        var jo = await _shop.NewSecretive();

        var again = await _shop.Visitor.Post(
            "customers", "/api/v2/customers", new { username = jo.Username, password = TestShop.Password, name = Vault.Name, age = 30, address = Vault.Address, gender = true, marital_status = "single" }, key: jo.Username);

        (again.Code, again.Of("name")).ShouldBe((201, Vault.Name));
    }

    [Theory]
    [InlineData("UPDATE customers SET address = (SELECT address FROM customers WHERE username = '{an}') WHERE username = '{jo}'", "of another row")]
    [InlineData("UPDATE customers SET address = name WHERE username = '{jo}'", "of another column")]
    [InlineData("UPDATE customers SET address = substr(address, 1, 20) || '0000' || substr(address, 25) WHERE username = '{jo}'", "changed")]
    public async Task Security28_a_value_that_was_tampered_with_does_not_open(string tamper, string why)
    {
        var (jo, an) = (await _shop.NewSecretive(), await _shop.NewSecretive());

        await _shop.Storage.Run("customers", tamper.Replace("{jo}", jo.Username, StringComparison.Ordinal).Replace("{an}", an.Username, StringComparison.Ordinal));

        (await jo.Reads(jo.Path())).ShouldRefuse(500, "internal_error");
        (await an.Shown()).ShouldBe((Vault.Name, Vault.Address), why);
    }

    [Fact]
    public async Task Security28_what_was_stored_before_there_were_keys_is_read_and_carried_over()
    {
        var jo = await _shop.NewSecretive();
        await _shop.Storage.Run("customers", $"UPDATE customers SET name = 'Old Plain Name' WHERE username = '{jo.Username}'");
        (await jo.Shown()).ShouldBe(("Old Plain Name", Vault.Address));

        await _shop.Keeper().Look(CancellationToken.None);

        (await _shop.Stored("customers", "name")).ShouldAllBe(v => v[0] == '\u0001');
        (await jo.Shown()).ShouldBe(("Old Plain Name", Vault.Address));
    }

    [Fact]
    public void Security28_the_same_text_is_never_stored_alike_twice()
    {
        var ring = _shop.Part<KeyRing>();

        ring.Seal("a", "here").ShouldNotBe(ring.Seal("a", "here"));
        ring.Open(ring.Seal("a", "here"), "here").ShouldBe("a");
        Should.Throw<CryptographicException>(() => ring.Open(ring.Seal("a", "here"), "there"));
    }
}
