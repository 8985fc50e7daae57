using System.Text.Json;
using Souk.Testing;

namespace Souk.Reviews.Tests;

/// <summary>What people do with reviews, in one word each.</summary>
internal static class Requests
{
    public const string Reviews = "/api/v2/reviews";

    public static string Path(this Answer review) => $"{Reviews}/{review.Of("id")}";

    /// <summary>A customer who has bought a product.</summary>
    public static async Task<Person> NewBuyer(this RunningShop shop, params long[] products)
    {
        var buyer = await shop.NewCustomer(money: 100);
        foreach (var product in products)
        {
            (await buyer.Buys(product)).Must(201);
        }

        return buyer;
    }

    /// <summary>A new review of a product by a new buyer of it.</summary>
    public static async Task<(Person Author, Answer Review)> NewReview(this RunningShop shop, long product, int rating = 4, string comment = "Just as described.")
    {
        var author = await shop.NewBuyer(product);
        var review = await author.Reviews(product, rating, comment);
        Assert.Equal(201, review.Code);
        return (author, review);
    }

    /// <summary>The same, approved.</summary>
    public static async Task<(Person Author, Answer Review)> NewApproved(this RunningShop shop, long product, int rating = 4)
    {
        var (author, review) = await shop.NewReview(product, rating);
        (await shop.Admin.Moderates(review, "approved")).Must(200);
        return (author, review);
    }

    public static Task<Answer> Moderates(this Person person, Answer review, string status, string? note = null) =>
        person.Put("reviews", $"{review.Path()}/moderation", note is null ? new { status } : new { status, note });

    public static Task<Answer> Reports(this Person person, Answer review, string reason = "spam", string? key = null) =>
        person.Post("reviews", $"{review.Path()}/reports", new { reason }, key);

    public static Task<Answer> Looks(this Person person, string query) => person.Get("reviews", $"{Reviews}?{query}");

    public static Task<Answer> Sees(this Person person, Answer review) => person.Get("reviews", review.Path());

    public static string[] Ids(this Answer page) => [.. page["items"].EnumerateArray().Select(r => r.GetProperty("id").GetString()!)];

    public static string Id(this Answer review) => review.Of("id");

    /// <summary>Follows a list to its end, page by page, and does something between the pages.</summary>
    public static async Task<List<JsonElement>> Walk(this Person person, string path, Func<Task>? between = null)
    {
        var (all, next) = (new List<JsonElement>(), (string?)null);
        do
        {
            var page = await person.Get("reviews", next is null ? path : $"{path}&after={next}");
            Assert.Equal(200, page.Code);
            all.AddRange(page["items"].EnumerateArray());
            next = page["next"].GetString();
            await (between?.Invoke() ?? Task.CompletedTask);
        }
        while (next is not null);
        return all;
    }
}
