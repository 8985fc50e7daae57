using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Requests;
using Souk.Reviews.Reviews;

namespace Souk.Reviews.V1;

/// <summary>A review as the first contract shows it.</summary>
/// <param name="CustomerId">The author's username.</param>
/// <param name="ItemId">The product's number.</param>
/// <param name="Rating">From 0 to 5.</param>
/// <param name="Comment">What the customer says.</param>
/// <param name="Time">When it was written or last changed (UTC).</param>
/// <param name="Flagged">Where it stands with the moderators.</param>
internal sealed record V1Review(string CustomerId, long ItemId, int Rating, string Comment, string Time, ReviewStatus Flagged)
{
    public static readonly V1Review Example = new("johndoe", 123, 4, "Great product!", "2024-12-08T12:00:00Z", ReviewStatus.Approved);

    public static V1Review Of(Review r) => new(r.Username, r.ProductId, r.Rating, r.Comment, Wire(r.UpdatedAt), r.Status);

    public static V1Review Of(ReviewView r) => new(r.Username, r.ProductId, r.Rating, r.Comment, Wire(r.UpdatedAt), r.Status);

    private static string Wire(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

/// <summary>Whose review of what.</summary>
internal class ReviewName
{
    /// <summary>The author's username.</summary>
    [Text(1, Review.UsernameMost)]
    public required string CustomerId { get; set; }

    /// <summary>The product's number.</summary>
    public required long ItemId { get; set; }

    /// <summary>The id of the review of that item, the newest if a username passed from one author to another.</summary>
    public Task<Guid?> Newest(IQueryable<Review> reviews) =>
        reviews.Where(r => r.ProductId == ItemId).OrderByDescending(r => r.Id).Select(r => (Guid?)r.Id).FirstOrDefaultAsync();
}

/// <summary>An answer with data.</summary>
/// <typeparam name="T">The data.</typeparam>
/// <param name="Message">What was done.</param>
/// <param name="Data">What came of it.</param>
internal sealed record Told<T>(string Message, T Data);

/// <summary>The first contract's answer when something broke here.</summary>
/// <param name="Message">What to do.</param>
/// <param name="Errors">What did not work.</param>
internal sealed record Broken(string Message, string Errors);

/// <summary>The first contract's words.</summary>
internal static class Words
{
    public static Error NotFound(ReviewName name) =>
        ReviewsErrors.ReviewNotFound.With($"{name.CustomerId}'s review for {name.ItemId} not found");

    /// <summary>The same refusal, about a review by its name.</summary>
    public static Result<T> In<T>(Result<T> result, ReviewName name) => result.Error is { } error ? Reworded(error, name) : result;

    /// <summary>The statuses and bodies of one operation's refusals.</summary>
    /// <param name="doing">What is to be tried again when something broke here.</param>
    /// <param name="errors">What did not work then.</param>
    public static Func<Error, (int Status, object Body)?> Of(string doing, string errors) => error => error.Kind switch
    {
        var kind when kind == ShopErrors.ProductNotFound || kind == ShopErrors.CustomerNotFound || kind == ReviewsErrors.PurchaseRequired =>
            (400, new Message(error.Detail)),
        var kind when kind == ReviewsErrors.ReviewNotFound || kind == ReviewsErrors.ReviewExists =>
            (kind.Status, new Message(error.Detail)),
        var kind when kind == CommonErrors.Internal => (500, new Broken($"Internal Server Error. Please try {doing} again later", errors)),
        _ => null,
    };

    private static Error Reworded(Error error, ReviewName name)
    {
        var (customer, item) = (name.CustomerId, name.ItemId);
        return error.Kind switch
        {
            var kind when kind == ReviewsErrors.ReviewNotFound => NotFound(name),
            var kind when kind == ReviewsErrors.ReviewExists =>
                kind.With($"{customer}'s review for {item} already exists. If you want to update send a put request instead of post."),
            var kind when kind == ReviewsErrors.PurchaseRequired => kind.With($"Customer '{customer}' has not bought item with id '{item}'."),
            var kind when kind == ShopErrors.ProductNotFound || kind == ShopErrors.CustomerNotFound =>
                kind.With($"Either customer '{customer}' or item with id '{item}' doesn't exist."),
            _ => error,
        };
    }
}
