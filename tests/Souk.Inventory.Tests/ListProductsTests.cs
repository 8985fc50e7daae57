using Souk.Testing;

namespace Souk.Inventory.Tests;

public class ListProductsTests(TestShop shop)
{
    private sealed record Seen(long Id, string Name, decimal Price);

    [Theory]
    [InlineData("newest", 1)]
    [InlineData("newest", 7)]
    [InlineData("name", 3)]
    [InlineData("price_up", 3)]
    [InlineData("price_down", 3)]
    public async Task Pages_neither_skip_nor_repeat_while_products_are_added(string sort, int limit)
    {
        // Names and prices come twice and more, so that the number must decide among equals.
        var word = $"paged{shop.NewName("w").Replace("-", "", StringComparison.Ordinal)}";
        var there = new List<long>();
        for (var i = 0; i < 17; i++)
        {
            there.Add(await Add(word, i));
        }

        var seen = await shop.Visitor.Walk("inventory", $"{Requests.Products}?q={word}&sort={sort}&limit={limit}", Read, between: () => Add(word, 5));

        seen.Select(p => p.Id).ShouldBeUnique();
        there.Except(seen.Select(p => p.Id)).ShouldBeEmpty("each product that was there from the start is seen");
        seen.ShouldBe(Sorted(seen, sort));
    }

    [Fact]
    public async Task The_usual_page_has_twenty_and_the_newest_come_first()
    {
        var word = $"usual{shop.NewName("w").Replace("-", "", StringComparison.Ordinal)}";
        var there = new List<long>();
        for (var i = 0; i < 20; i++)
        {
            there.Add(await Add(word, i));
        }

        var exact = await shop.Visitor.Looks($"q={word}");
        exact.Ids().ShouldBe(there.AsEnumerable().Reverse());
        exact["next"].GetString().ShouldBeNull("a page that is just full is the last one");

        there.Add(await Add(word, 20));
        var first = await shop.Visitor.Looks($"q={word}");
        first.Ids().ShouldBe(there.AsEnumerable().Reverse().Take(20));
        first.Json.EnumerateObject().Select(f => f.Name).ShouldBe(["items", "next"]);
        (await shop.Visitor.Looks($"q={word}&after={first.Of("next")}")).Ids().ShouldBe([there[0]]);
    }

    [Fact]
    public async Task Filters_reach_the_end_page_by_page_too()
    {
        var word = $"filtered{shop.NewName("w").Replace("-", "", StringComparison.Ordinal)}";
        for (var i = 0; i < 12; i++)
        {
            await Add(word, i);
        }

        var cheap = await shop.Visitor.Walk("inventory", $"{Requests.Products}?q={word}&max_price=2&sort=price_up&limit=2", Read);

        cheap.Select(p => p.Price).ShouldBe([1, 1, 1, 2, 2, 2]);
    }

    [Fact]
    public async Task Prices_sort_as_numbers()
    {
        var word = $"numeric{shop.NewName("w").Replace("-", "", StringComparison.Ordinal)}";
        foreach (var price in new[] { 9.5m, 100m, 10m, 0.99m })
        {
            await Add(word, 0, price);
        }

        (await shop.Visitor.Walk("inventory", $"{Requests.Products}?q={word}&sort=price_up", Read)).Select(p => p.Price).ShouldBe([0.99m, 9.5m, 10m, 100m]);
        (await shop.Visitor.Walk("inventory", $"{Requests.Products}?q={word}&sort=price_down", Read)).Select(p => p.Price).ShouldBe([100m, 10m, 9.5m, 0.99m]);
    }

    private static Seen Read(System.Text.Json.JsonElement p) => new(
        p.GetProperty("id").GetInt64(),
        p.GetProperty("name").GetString()!,
        decimal.Parse(p.GetProperty("price").GetProperty("amount").GetString()!, System.Globalization.CultureInfo.InvariantCulture));

    private static IEnumerable<Seen> Sorted(IEnumerable<Seen> products, string sort) => sort switch
    {
        "name" => products.OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Id),
        "price_up" => products.OrderBy(p => p.Price).ThenBy(p => p.Id),
        "price_down" => products.OrderByDescending(p => p.Price).ThenBy(p => p.Id),
        _ => products.OrderByDescending(p => p.Id),
    };

    private Task<long> Add(string word, int i, decimal? price = null) => shop.NewProduct(price ?? 1 + (i % 4), stock: 1, name: $"{word} {"CABd"[i % 4]}");
}
