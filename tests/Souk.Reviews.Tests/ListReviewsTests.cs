using System.Text.Json;
using Souk.Testing;

namespace Souk.Reviews.Tests;

public class ListReviewsTests(TestShop shop)
{
    [Theory]
    [InlineData("newest")]
    [InlineData("highest")]
    [InlineData("lowest")]
    public async Task Pages_neither_skip_nor_repeat_while_reviews_are_approved(string sort)
    {
        var product = await shop.NewProduct(stock: 100);
        var there = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            there.Add((await shop.NewApproved(product, rating: i % 3)).Review.Id());
        }

        var seen = await shop.Visitor.Walk($"{Requests.Reviews}?product_id={product}&sort={sort}&limit=3", between: () => shop.NewApproved(product, rating: 1));

        seen.Select(Id).ShouldBeUnique();
        there.Except(seen.Select(Id)).ShouldBeEmpty("each review that was there from the start is seen");
        var newestFirst = seen.OrderByDescending(Id, StringComparer.Ordinal);
        seen.Select(Id).ShouldBe((sort switch
        {
            "highest" => newestFirst.OrderByDescending(Rating),
            "lowest" => newestFirst.OrderBy(Rating),
            _ => newestFirst,
        }).Select(Id));
    }

    [Fact]
    public async Task Filters_narrow_each_other()
    {
        var (tea, pot) = (await shop.NewProduct(), await shop.NewProduct());
        var author = await shop.NewBuyer(tea, pot);
        var (ofTea, ofPot) = (await author.Reviews(tea, 2), await author.Reviews(pot, 5));
        var (_, byOther) = await shop.NewReview(tea, rating: 5);
        foreach (var review in new[] { ofTea, ofPot, byOther })
        {
            (await shop.Admin.Moderates(review, "approved")).Must(200);
        }

        (await Ids($"username={author.Username}")).ShouldBe([ofTea.Id(), ofPot.Id()], ignoreOrder: true);
        (await Ids($"product_id={tea}")).ShouldBe([ofTea.Id(), byOther.Id()], ignoreOrder: true);
        (await Ids($"product_id={tea}&rating=5")).ShouldBe([byOther.Id()]);
        (await Ids($"product_id={tea}&username={author.Username}&rating=5")).ShouldBeEmpty();
        (await Ids($"product_id={tea}&status=approved")).Length.ShouldBe(2);
        (await Ids($"product_id={tea}&status=flagged")).ShouldBeEmpty();
        (await Ids("username=admin'--")).ShouldBeEmpty();

        async Task<string[]> Ids(string query) => (await shop.Visitor.Looks(query)).Ids();
    }

    [Fact]
    public async Task The_name_of_a_product_follows_the_product()
    {
        var product = await shop.NewProduct(name: "Old name");
        var (_, review) = await shop.NewApproved(product);
        (await shop.Visitor.Sees(review)).Of("product_name").ShouldBe("Old name");

        (await shop.Admin.Patch("inventory", $"/api/v2/products/{product}", new { name = "New name" })).Must(200);

        await TestShop.Eventually(async () => (await shop.Visitor.Sees(review)).Of("product_name") == "New name", "the new name");
        (await shop.Visitor.Looks($"product_id={product}")).Of("items.0.product_name").ShouldBe("New name");
    }

    [Fact]
    public async Task Reviews_of_a_product_that_is_gone_stay()
    {
        var product = await shop.NewProduct(name: "Gone soon");
        var (author, review) = await shop.NewApproved(product);
        var late = await shop.NewBuyer(product);
        (await shop.Admin.Delete("inventory", $"/api/v2/products/{product}")).Must(204);
        await TestShop.Eventually(async () => (await late.Reviews(product, comment: new string('x', 1000))).Code == 404, "the deletion");

        (await shop.Visitor.Sees(review)).Of("product_name").ShouldBe("Gone soon");
        (await author.Patch("reviews", review.Path(), new { rating = 1 })).Must(200);
    }

    private static string Id(JsonElement review) => review.GetProperty("id").GetString()!;

    private static int Rating(JsonElement review) => review.GetProperty("rating").GetInt32();
}
