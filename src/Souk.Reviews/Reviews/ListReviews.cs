using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Reviews.Reviews;

/// <summary>How a list of reviews is sorted; equal ratings by age, the newest first.</summary>
internal enum ReviewSort
{
    Newest,
    Highest,
    Lowest,
}

/// <summary>What to look for, and which page.</summary>
internal sealed class ReviewQuery : PageQuery
{
    /// <summary>Only reviews of this product.</summary>
    public long? ProductId { get; set; }

    /// <summary>Only this author's.</summary>
    [Text(1, Review.UsernameMost)]
    public string? Username { get; set; }

    /// <summary>Only this status, among the reviews that the caller may see.</summary>
    public ReviewStatus? Status { get; set; }

    /// <summary>Only this rating.</summary>
    [Between(0, Review.RatingMost)]
    public int? Rating { get; set; }

    /// <summary>The order.</summary>
    public ReviewSort Sort { get; set; }
}

/// <summary>Lists reviews, page by page.</summary>
internal static class ListReviews
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapGet("/reviews", async (Params<ReviewQuery> query, Caller? caller, ReviewsDb db, HttpContext http) => (await Run(db, query.Value, caller, http.RequestAborted)).Ok())
        .WithTags("reviews").Allow(Access.Anyone)
        .Describe("List reviews", "Everybody sees approved reviews, authors also their own, moderators all. Filters narrow each other within what the caller may see.")
        .Answers(200, new Page<ReviewView>([ReviewView.Example], "eyJJZCI6MTJ9"));

    private static async Task<Result<Page<ReviewView>>> Run(ReviewsDb db, ReviewQuery query, Caller? caller, CancellationToken stop)
    {
        if (Paging.Read<Key>(query.After).Refused(out var wrong, out var after))
        {
            return wrong;
        }

        var page = Sorted(Filtered(db.Reviews.SeenBy(caller), query), query.Sort, after).Take(query.Limit + 1);
        var rows = await ReviewRow.From(db, page, caller).ToListAsync(stop);
        return Paging.Of(rows, query.Limit, ReviewView.Of, r => new Key(r.Review.Id, r.Review.Rating));
    }

    private static IQueryable<Review> Filtered(IQueryable<Review> reviews, ReviewQuery query)
    {
        reviews = query.ProductId is { } product ? reviews.Where(r => r.ProductId == product) : reviews;
        reviews = query.Username is { } username ? reviews.Where(r => r.Username == username) : reviews;
        reviews = query.Status is { } status ? reviews.Where(r => r.Status == status) : reviews;
        return query.Rating is { } rating ? reviews.Where(r => r.Rating == rating) : reviews;
    }

    private static IQueryable<Review> Sorted(IQueryable<Review> reviews, ReviewSort sort, Key? after) => sort switch
    {
        ReviewSort.Highest => reviews.Where(r => after == null || (r.Rating <= after.Rating && (r.Rating != after.Rating || r.Id < after.Id)))
            .OrderByDescending(r => r.Rating).ThenByDescending(r => r.Id),
        ReviewSort.Lowest => reviews.Where(r => after == null || (r.Rating >= after.Rating && (r.Rating != after.Rating || r.Id < after.Id)))
            .OrderBy(r => r.Rating).ThenByDescending(r => r.Id),
        _ => reviews.Where(r => after == null || r.Id < after.Id).OrderByDescending(r => r.Id),
    };

    private sealed record Key(Guid Id, int Rating);
}
