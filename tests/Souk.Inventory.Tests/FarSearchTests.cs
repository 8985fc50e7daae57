using Microsoft.Extensions.DependencyInjection;
using Souk.Inventory.Products;
using Souk.Testing;

namespace Souk.Inventory.Tests;

/// <summary>A search that looks among the next few thousand products first must go on to the others when they don't fill its page.</summary>
public sealed class FarSearchTests : IAsyncLifetime
{
    private const int Between = 5_200;

    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task What_lies_behind_thousands_of_other_products_is_found_with_what_lies_before_them()
    {
        var far = await _shop.NewProduct(name: "Quondam Astrolabe");
        await _shop.Parts("inventory").GetRequiredService<SampleProducts>().Fill(Between, 1, _ => { });
        var near = await _shop.NewProduct(name: "Astrolabe Polish");

        foreach (var sort in new[] { "newest", "name", "price_up", "price_down" })
        {
            (await Found($"q=astrolabe&sort={sort}")).Order().ShouldBe(new[] { far, near }.Order(), sort);
        }

        (await Found("q=astrolabe&category=electronics")).ShouldBeEmpty();
        (await Found("q=quondam")).ShouldBe([far]);
        var page = await _shop.Visitor.Get("inventory", "/api/v2/products?q=astrolabe&limit=1");
        (page.Of("items.0.id"), (await Found($"q=astrolabe&limit=1&after={page.Of("next")}")).Single()).ShouldBe(($"{near}", far));
    }

    private async Task<long[]> Found(string query) =>
        [.. (await _shop.Visitor.Get("inventory", $"/api/v2/products?{query}"))["items"].EnumerateArray().Select(i => i.GetProperty("id").GetInt64())];
}
