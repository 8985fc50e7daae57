using Souk.Testing;

namespace Souk.Tests;

/// <summary>Public reads of products are remembered, and show every change at once where it was made.</summary>
public sealed class RememberedReadsTests(TestShop shop)
{
    [Fact]
    public async Task A_new_price_shows_at_once()
    {
        var product = await Seen();
        (await shop.Admin.Patch("inventory", product, new { price = Person.Money(12) })).Must(200);

        (await shop.Visitor.Get("inventory", product)).Of("price.amount").ShouldBe("12.00");
        (await shop.Visitor.Get("inventory", "/api/v2/products?limit=100")).Text.ShouldContain("\"amount\":\"12.00\"");
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
            (await shop.Visitor.Get("inventory", other)).Of("price.amount").ShouldBe("10.00");
        }

        (await shop.Admin.Patch("inventory", product, new { price = Person.Money(12) })).Must(200);

        (await shop.Visitor.Get("inventory", other)).Of("price.amount").ShouldBe("12.00");
    }

    [Fact]
    public async Task Stock_that_a_sale_took_and_gave_back_shows_at_once()
    {
        var product = await Seen();
        var jo = await shop.NewCustomer(money: 50);
        var bought = await jo.Buys(long.Parse(product.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture), 2);
        (await shop.Visitor.Get("inventory", product)).Of("available").ShouldBe("3");

        (await jo.Post("sales", $"/api/v2/orders/{bought.Of("id")}/cancellation")).Must(200);
        (await shop.Visitor.Get("inventory", product)).Of("available").ShouldBe("5");
    }

    [Fact]
    public async Task Stock_that_was_adjusted_shows_at_once()
    {
        var product = await Seen();
        (await shop.Admin.Post("inventory", $"{product}/stock-adjustments", new { delta = 7, reason = "received" })).Must(201);

        (await shop.Visitor.Get("inventory", product)).Of("available").ShouldBe("12");
    }

    [Fact]
    public async Task A_deleted_product_is_gone_at_once()
    {
        var product = await Seen();
        (await shop.Admin.Delete("inventory", product)).Must(204);

        (await shop.Visitor.Get("inventory", product)).Refuses(404, "product_not_found");
        (await shop.Visitor.Get("inventory", "/api/v2/products?limit=100")).Text.ShouldNotContain($"\"id\":{product.Split('/')[^1]},");
    }

    [Fact]
    public async Task A_remembered_answer_is_the_same_to_the_byte()
    {
        var product = await Seen();
        var (made, remembered, fresh) = (await shop.Visitor.Get("inventory", product), await shop.Visitor.Get("inventory", product), await shop.Admin.Get("inventory", product));

        (remembered.Text, remembered.ContentType, remembered.ETag).ShouldBe((made.Text, made.ContentType, made.ETag));
        (fresh.Text, fresh.ContentType, fresh.ETag).ShouldBe((made.Text, made.ContentType, made.ETag));
    }

    /// <summary>A product that was read by itself and in a list, so that both are remembered.</summary>
    private async Task<string> Seen()
    {
        var product = $"/api/v2/products/{await shop.NewProduct(price: 10, stock: 5)}";
        for (var i = 0; i < 2; i++)
        {
            (await shop.Visitor.Get("inventory", product)).Of("price.amount").ShouldBe("10.00");
            (await shop.Visitor.Get("inventory", "/api/v2/products?limit=100")).Must(200);
        }

        return product;
    }
}
