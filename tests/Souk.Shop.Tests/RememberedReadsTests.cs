using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Souk.Inventory.Products;
using Souk.Platform.Hosting;
using Souk.Testing;

namespace Souk.Tests;

/// <summary>A shop that does not look whether others changed its databases: what is remembered stays so until a change made here makes it forgotten, however slow the machine is.</summary>
public sealed class RememberingShop : IAsyncLifetime
{
    public TestShop Shop { get; } = new TestShop().With((_, parts) =>
    {
        foreach (var watch in parts.Where(p => p.ImplementationType == typeof(WatchProducts)).ToArray())
        {
            parts.Remove(watch);
        }
    });

    public AnswerCache Answers => Shop.Parts("inventory").GetRequiredService<AnswerCache>();

    public async ValueTask InitializeAsync()
    {
        await Shop.InitializeAsync();
        if (!TestStorage.OnPostgres || !PostgresCluster.IsMissing)
        {
            Confirm(TimeSpan.FromDays(1));
        }
    }

    public ValueTask DisposeAsync() => Shop.DisposeAsync();

    /// <summary>As if the database had been asked at a time from now.</summary>
    public void Confirm(TimeSpan later) => Answers.Confirm(Shop.Clock.GetTimestamp() + (long)(later.TotalSeconds * Stopwatch.Frequency));
}

/// <summary>Public reads of products are remembered, and show every change at once where it was made.</summary>
public sealed class RememberedReadsTests(RememberingShop remembering) : IClassFixture<RememberingShop>
{
    private readonly TestShop _shop = remembering.Shop;

    [Fact]
    public async Task What_others_changed_shows_as_soon_as_the_database_was_not_asked_lately_and_to_whoever_asks_for_it()
    {
        var product = await Seen();
        await _shop.Storage.Run("inventory", $"UPDATE products SET available = 9 WHERE id = {Number(product)}");

        (await _shop.Visitor.Get("inventory", product)).Of("available").ShouldBe("5", "it is remembered");
        (await _shop.Admin.Get("inventory", product)).Of("available").ShouldBe("9", "whoever is signed in may want to edit it");
        using var now = new HttpRequestMessage(HttpMethod.Get, product) { Headers = { { "Cache-Control", "no-cache" } } };
        using var fresh = await _shop.Http("inventory").SendAsync(now);
        (await Answer.Read(fresh)).Of("available").ShouldBe("9");
        (await _shop.Visitor.Get("inventory", $"{product}?colour=red")).Refuses(422, "validation_failed");

        remembering.Confirm(TimeSpan.FromSeconds(-1));
        (await _shop.Visitor.Get("inventory", product)).Of("available").ShouldBe("9");
        remembering.Confirm(TimeSpan.FromDays(1));
    }

    [Fact]
    public void What_was_read_before_a_change_is_not_kept_after_it()
    {
        var answers = new AnswerCache(TimeProvider.System);
        answers.Confirm(TimeProvider.System.GetTimestamp() + (60 * Stopwatch.Frequency));
        var read = new Remembered([], null, "", answers.Changes, OfMany: false);
        answers.Keep("/before", read);

        answers.Forget(["/products/1"]);
        answers.Keep("/products/1", read);

        (answers.Find("/before"), answers.Find("/products/1")).ShouldBe((read, null));
    }

    [Fact]
    public async Task A_new_price_shows_at_once()
    {
        var product = await Seen();
        (await _shop.Admin.Patch("inventory", product, new { price = Person.Money(12) })).Must(200);

        (await _shop.Visitor.Get("inventory", product)).Of("price.amount").ShouldBe("12.00");
        (await _shop.Visitor.Get("inventory", "/api/v2/products?limit=100")).Text.ShouldContain("\"amount\":\"12.00\"");
    }

    [Theory]
    [InlineData("/API/v2/Products/{0}")]
    [InlineData("/api/v2/%70roducts/{0}")]
    [InlineData("/api/v2/products/0{0}")]
    [InlineData("/api/v2/products/{0}/")]
    public async Task A_new_price_shows_at_once_however_the_path_is_written(string written)
    {
        var product = await Seen();
        var other = written.Replace("{0}", product.Split('/')[^1], StringComparison.Ordinal);
        for (var i = 0; i < 2; i++)
        {
            (await _shop.Visitor.Get("inventory", other)).Of("price.amount").ShouldBe("10.00");
        }

        (await _shop.Admin.Patch("inventory", product, new { price = Person.Money(12) })).Must(200);

        (await _shop.Visitor.Get("inventory", other)).Of("price.amount").ShouldBe("12.00");

        // A change by hand makes everything forgotten; a sale makes forgotten what it sold, by its usual path.
        (await _shop.Visitor.Get("inventory", other)).Of("available").ShouldBe("5");
        await _shop.Storage.Run("inventory", $"UPDATE products SET available = 9 WHERE id = {Number(product)}");
        remembering.Answers.Forget([product]);
        (await _shop.Visitor.Get("inventory", other)).Of("available").ShouldBe("9");
    }

    [Fact]
    public async Task Stock_that_a_sale_took_and_gave_back_shows_at_once()
    {
        var product = await Seen();
        var jo = await _shop.NewCustomer(money: 50);
        var bought = await jo.Buys(Number(product), 2);
        (await _shop.Visitor.Get("inventory", product)).Of("available").ShouldBe("3");
        (await Listed(product)).ShouldBe(3);

        (await jo.Post("sales", $"/api/v2/orders/{bought.Of("id")}/cancellation")).Must(200);
        await TestShop.Eventually(async () => await _shop.Storage.Number("inventory", $"SELECT available FROM products WHERE id = {Number(product)}") == 5, "it is given back");
        (await _shop.Visitor.Get("inventory", product)).Of("available").ShouldBe("5");
        (await Listed(product)).ShouldBe(5);
    }

    [Fact]
    public async Task Stock_that_was_adjusted_shows_at_once()
    {
        var product = await Seen();
        (await _shop.Admin.Post("inventory", $"{product}/stock-adjustments", new { delta = 7, reason = "received" })).Must(201);

        (await _shop.Visitor.Get("inventory", product)).Of("available").ShouldBe("12");
    }

    [Fact]
    public async Task A_deleted_product_is_gone_at_once()
    {
        var product = await Seen();
        (await _shop.Admin.Delete("inventory", product)).Must(204);

        (await _shop.Visitor.Get("inventory", product)).Refuses(404, "product_not_found");
        (await _shop.Visitor.Get("inventory", "/api/v2/products?limit=100")).Text.ShouldNotContain($"\"id\":{product.Split('/')[^1]},");
    }

    [Fact]
    public async Task A_remembered_answer_is_the_same_to_the_byte()
    {
        var product = await Seen();
        var (made, remembered, fresh) = (await _shop.Visitor.Get("inventory", product), await _shop.Visitor.Get("inventory", product), await _shop.Admin.Get("inventory", product));

        (remembered.Text, remembered.ContentType, remembered.ETag).ShouldBe((made.Text, made.ContentType, made.ETag));
        (fresh.Text, fresh.ContentType, fresh.ETag).ShouldBe((made.Text, made.ContentType, made.ETag));
    }

    private static long Number(string product) => long.Parse(product.Split('/')[^1], CultureInfo.InvariantCulture);

    private async Task<int> Listed(string product) =>
        (await _shop.Visitor.Get("inventory", "/api/v2/products?limit=100"))["items"].EnumerateArray().Single(i => i.GetProperty("id").GetInt64() == Number(product)).GetProperty("available").GetInt32();

    /// <summary>A product that was read by itself and in a list, so that both are remembered.</summary>
    private async Task<string> Seen()
    {
        var product = $"/api/v2/products/{await _shop.NewProduct(price: 10, stock: 5)}";
        for (var i = 0; i < 2; i++)
        {
            (await _shop.Visitor.Get("inventory", product)).Of("price.amount").ShouldBe("10.00");
            (await _shop.Visitor.Get("inventory", "/api/v2/products?limit=100")).Must(200);
        }

        return product;
    }
}
