using Microsoft.EntityFrameworkCore;
using Souk.Platform.Encryption;
using Souk.Testing;

namespace Souk.Customers.Tests.Encryption;

/// <summary>Keys are replaced while two instances are at work on one database.</summary>
[Trait("security", "28")]
public sealed class KeyRotationTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Security28_a_new_key_seals_at_once_and_other_instances_read_what_it_sealed()
    {
        await using var twin = await _shop.Twin();
        var before = await _shop.NewSecretive();
        (await _shop.Keeper().Rotate()).Error.ShouldBeNull();

        var after = await _shop.NewSecretive();

        foreach (var shop in new[] { twin, _shop })
        {
            (await (await shop.SignsIn(before.Username, TestShop.Password)).Shown()).ShouldBe((Vault.Name, Vault.Address));
            (await (await shop.SignsIn(after.Username, TestShop.Password)).Shown()).ShouldBe((Vault.Name, Vault.Address));
        }

        (await Heads()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Security28_an_instance_that_did_not_look_for_long_looks_before_it_seals()
    {
        await using var twin = await _shop.Twin();
        var key = (await _shop.Keeper().Rotate()).Value;
        _shop.Clock.Advance(TimeSpan.FromMinutes(11));

        var jo = await twin.NewSecretive();

        (await _shop.Stored("customers", "name", jo)).ShouldHaveSingleItem().ShouldStartWith($"\u0001{key.Id}");
    }

    [Fact]
    public async Task Security28_rows_are_carried_over_and_the_key_that_nothing_uses_goes()
    {
        var customers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _shop.NewSecretive()));
        await _shop.Keeper().Look(CancellationToken.None);
        (await _shop.Keeper().Rotate()).Error.ShouldBeNull();

        await _shop.Keeper().Look(CancellationToken.None);
        (await Heads()).Count.ShouldBe(1, "everything is sealed by the new key");
        (await Keys()).ShouldBe(2, "another instance may still seal by the old one");
        _shop.Clock.Advance(TimeSpan.FromMinutes(61));
        await _shop.Keeper().Look(CancellationToken.None);

        (await Keys()).ShouldBe(1);
        await _shop.Reopen();
        foreach (var customer in customers)
        {
            (await (await _shop.SignsIn(customer.Username, TestShop.Password)).Shown()).ShouldBe((Vault.Name, Vault.Address));
        }
    }

    [Fact]
    public async Task Security28_a_key_that_something_still_uses_stays()
    {
        var jo = await _shop.NewSecretive();
        var old = (await _shop.Stored("customers", "name", jo)).Single();
        (await _shop.Keeper().Rotate()).Error.ShouldBeNull();
        await _shop.Keeper().Look(CancellationToken.None);
        await _shop.Storage.Run("customers", $"UPDATE customers SET name = '{old}' WHERE username = '{jo.Username}'");
        _shop.Clock.Advance(TimeSpan.FromMinutes(61));

        await _shop.Keeper().Look(CancellationToken.None);

        (await Keys()).ShouldBe(2, "a straggler was found, so nothing is removed this time");
        await _shop.Keeper().Look(CancellationToken.None);
        (await Keys()).ShouldBe(1);
        (await (await _shop.SignsIn(jo.Username, TestShop.Password)).Shown()).ShouldBe((Vault.Name, Vault.Address));
    }

    [Theory]
    [InlineData("substr(address, 1, 20) || '0000' || substr(address, 25)")]
    [InlineData("address || '!'")]
    public async Task Security28_a_value_that_was_tampered_with_keeps_no_other_from_being_carried_over(string tampered)
    {
        var customers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _shop.NewSecretive()));
        var was = (await _shop.Stored("customers", "address", customers[1])).Single();
        await _shop.Storage.Run("customers", $"UPDATE customers SET address = {tampered} WHERE username = '{customers[1].Username}'");
        var key = (await _shop.Keeper().Rotate()).Value;

        await _shop.Keeper().Look(CancellationToken.None);

        foreach (var column in new[] { "name", "address" })
        {
            (await _shop.Stored("customers", column)).Count(v => !v.StartsWith($"\u0001{key.Id}", StringComparison.Ordinal)).ShouldBe(1, $"all {column} but the one that can't be read");
        }

        _shop.Clock.Advance(TimeSpan.FromMinutes(61));
        await _shop.Keeper().Look(CancellationToken.None);
        (await Keys()).ShouldBe(2, "whoever mends it needs the older key");
        await _shop.Storage.Run("customers", $"UPDATE customers SET address = '{was}' WHERE username = '{customers[1].Username}'");
        await _shop.Keeper().Look(CancellationToken.None);
        await _shop.Keeper().Look(CancellationToken.None);
        (await Keys()).ShouldBe(1);
        (await (await _shop.SignsIn(customers[1].Username, TestShop.Password)).Shown()).ShouldBe((Vault.Name, Vault.Address));
    }

    [Fact]
    public async Task Security28_keys_are_replaced_by_age()
    {
        await _shop.Keeper().Look(CancellationToken.None);
        (await Keys()).ShouldBe(1);
        _shop.Clock.Advance(TimeSpan.FromDays(91));

        await _shop.Keeper().Look(CancellationToken.None);

        (await Keys()).ShouldBe(2);
    }

    [Fact]
    public async Task Security28_customers_are_read_and_changed_while_keys_rotate()
    {
        var customers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _shop.NewSecretive()));
        using var stop = new CancellationTokenSource();
        var work = customers.Select(c => Task.Run(async () =>
        {
            var rounds = 0;
            for (; !stop.IsCancellationRequested || rounds < 3; rounds++)
            {
                (await c.Send(HttpMethod.Patch, "customers", c.Path(), new { address = $"{rounds} {Vault.Address}" }, ifMatch: "*")).Must(200);
                (await c.Shown()).ShouldBe((Vault.Name, $"{rounds} {Vault.Address}"));
            }

            return rounds;
        })).ToArray();

        for (var i = 0; i < 5; i++)
        {
            (await _shop.Keeper().Rotate()).Error.ShouldBeNull();
            await _shop.Keeper().Look(CancellationToken.None);
        }

        await stop.CancelAsync();
        (await Task.WhenAll(work)).ShouldAllBe(rounds => rounds > 0);
        (await _shop.Keeper().Rotate()).Error.ShouldBeNull();
    }

    private async Task<int> Keys()
    {
        await using var db = _shop.Database();
        return await db.Set<DataKey>().CountAsync();
    }

    /// <summary>The keys by which names and addresses are sealed.</summary>
    private async Task<HashSet<string>> Heads() =>
        [.. (await _shop.Stored("customers", "name")).Concat(await _shop.Stored("customers", "address")).Select(v => v[..9])];
}
