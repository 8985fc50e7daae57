using Souk.Testing;

namespace Souk.Inventory.Tests;

/// <summary>What is said when the database is broken: in a shop of its own, because it ends badly.</summary>
public sealed class BrokenDatabaseTests : IAsyncLifetime
{
    private const string Base = "/api/v1/inventory";

    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task It_is_told_in_the_first_contracts_words_and_shows_nothing_inside()
    {
        var product = await _shop.NewProduct();
        await _shop.Storage.Run("inventory", "ALTER TABLE products RENAME TO products_gone");

        (await _shop.Admin.Post("inventory", $"{Base}/add", Requests.NewGood("Lost"))).Says(500, """{"detail": "Failed to add good: Database insertion error"}""");
        (await _shop.Admin.Put("inventory", $"{Base}/update/{product}", new { count = 1 })).Says(500, """{"error": "Failed to update good: Internal database error"}""");
        (await _shop.Visitor.Get("inventory", $"{Base}/{product}")).Says(500, """{"error": "Database query error"}""");
        (await _shop.Admin.Put("inventory", $"{Base}/deduct/{product}")).Says(500, """{"error": "Database query error"}""");
        var second = await _shop.Visitor.Get("inventory", Requests.Product(product));
        (second.Code, second.Problem).ShouldBe((500, "internal_error"));
        second.Text.ShouldNotContain("SQL", Case.Insensitive);
    }
}
