using Souk.Testing;

namespace Souk.Inventory.Tests;

/// <summary><c>POST /internal/holds</c>, as Sales sends it.</summary>
public class HoldTests(TestShop shop)
{
    [Fact]
    public async Task A_hold_that_breaks_fails_alone()
    {
        var product = await shop.NewProduct(stock: 5);

        // The sum of its two lines is beyond any number.
        var answers = await shop.AsSales().Post("inventory", "/internal/holds", new[] { Hold(product, 2), Hold(product, int.MaxValue, int.MaxValue), Hold(product, 9) });

        answers.Must(200);
        answers["0.lines.0.quantity"].GetInt32().ShouldBe(2);
        (answers.Of("1.refused.code"), answers.Of("1.refused.detail")).ShouldBe(("dependency_unavailable", "It could not be stored."));
        answers.Of("2.refused.code").ShouldBe("out_of_stock");
        (await shop.Stock(product)).ShouldBe(3);
    }

    private object Hold(long product, params int[] quantities) => new
    {
        sale_id = Guid.CreateVersion7(shop.Clock.GetUtcNow()),
        fingerprint = "f",
        lines = quantities.Select(quantity => new { product_id = product, quantity }),
    };
}
