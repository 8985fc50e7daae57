using Souk.Testing;

namespace Souk.Reviews.Tests;

public class RatingTests(TestShop shop)
{
    [Fact]
    public async Task A_rating_follows_every_change_of_the_approved_reviews()
    {
        var product = await shop.NewProduct();
        (await Rating(product)).Says(200, $$$"""{"product_id": {{{product}}}, "count": 0, "mean": null, "histogram": {"0": 0, "1": 0, "2": 0, "3": 0, "4": 0, "5": 0}}""");
        var (leaver, first) = await shop.NewReview(product, rating: 5);
        var (author, second) = await shop.NewReview(product, rating: 4);
        var (_, third) = await shop.NewReview(product, rating: 0);
        await Compare(product, []);

        await shop.Admin.Moderates(first, "approved");
        await Compare(product, [5]);
        await shop.Admin.Moderates(second, "approved");
        await shop.Admin.Moderates(third, "approved");
        await Compare(product, [5, 4, 0]);
        await shop.Admin.Moderates(third, "approved");
        await Compare(product, [5, 4, 0]);
        await shop.Admin.Moderates(third, "flagged");
        await Compare(product, [5, 4]);

        await author.Patch("reviews", second.Path(), new { rating = 1 });
        await Compare(product, [5]);
        await shop.Admin.Moderates(second, "approved");
        await Compare(product, [5, 1]);
        await author.Delete("reviews", second.Path());
        await Compare(product, [5]);
        await shop.Admin.Moderates(third, "approved");
        await Compare(product, [5, 0]);

        (await leaver.Delete("customers", $"/api/v2/customers/{leaver.Username}")).Must(204);
        await TestShop.Eventually(async () => (await shop.Admin.Sees(first)).Code == 404, "the review goes with its author");
        await Compare(product, [0]);
    }

    [Fact]
    public async Task The_mean_has_two_decimals()
    {
        var product = await shop.NewProduct();
        foreach (var rating in new[] { 5, 5, 4 })
        {
            await shop.NewApproved(product, rating);
        }

        (await Rating(product)).Says(200, $$$"""{"product_id": {{{product}}}, "count": 3, "mean": 4.67, "histogram": {"0": 0, "1": 0, "2": 0, "3": 0, "4": 1, "5": 2}}""");
    }

    [Fact]
    public async Task A_product_that_does_not_exist_has_no_rating() =>
        (await Rating(987654321)).Says(200, """{"product_id": 987654321, "count": 0, "mean": null, "histogram": {"0": 0, "1": 0, "2": 0, "3": 0, "4": 0, "5": 0}}""");

    [Fact]
    public async Task It_is_right_after_many_changes_at_once()
    {
        var product = await shop.NewProduct(price: 1, stock: 100);
        var ratings = new[] { 0, 1, 2, 3, 4, 5, 5, 4, 3, 2 };
        var reviews = new List<Answer>();
        foreach (var rating in ratings)
        {
            reviews.Add((await shop.NewReview(product, rating)).Review);
        }

        string[] statuses = ["approved", "flagged", "approved", "needs_approval", "approved"];
        await Task.WhenAll(reviews.SelectMany(_ => statuses, (r, s) => shop.Admin.Moderates(r, s)));

        // Which of a review's changes came last is open; what counts is that the summary agrees with the reviews.
        var approved = (await shop.Visitor.Walk($"{Requests.Reviews}?product_id={product}&limit=3")).ConvertAll(r => r.GetProperty("rating").GetInt32());
        await Compare(product, [.. approved]);
    }

    private Task<Answer> Rating(long product) => shop.Visitor.Get("reviews", $"/api/v2/products/{product}/rating");

    /// <summary>The summary is what somebody would count who reads the public reviews, and what the test knows.</summary>
    private async Task Compare(long product, int[] ratings)
    {
        var seen = (await shop.Visitor.Walk($"{Requests.Reviews}?product_id={product}&limit=100")).Select(r => r.GetProperty("rating").GetInt32());
        seen.ShouldBe(ratings, ignoreOrder: true);
        var rating = await Rating(product);
        rating["count"].GetInt32().ShouldBe(ratings.Length);
        rating["histogram"].EnumerateObject().Select(h => (h.Name, h.Value.GetInt32())).ShouldBe(Enumerable.Range(0, 6).Select(n => ($"{n}", ratings.Count(r => r == n))));
        var mean = ratings.Length == 0 ? (decimal?)null : Math.Round(ratings.Average(r => (decimal)r), 2, MidpointRounding.AwayFromZero);
        (rating["mean"].ValueKind == System.Text.Json.JsonValueKind.Null ? (decimal?)null : rating["mean"].GetDecimal()).ShouldBe(mean);
    }
}
