using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Reviews.Ratings;

namespace Souk.Reviews.Reviews;

/// <summary>A JSON Merge Patch (RFC 7396) of a review. Fields left out stay as they are; none can be removed.</summary>
internal sealed record ReviewPatch
{
    /// <summary>From 0 to 5.</summary>
    [Between(0, Review.RatingMost)]
    public int? Rating { get; set; }

    /// <summary>What the customer says, as plain text.</summary>
    [Text(1, Review.CommentMost, Multiline = true)]
    public string? Comment { get; set; }
}

/// <summary>Changes the caller's own review and sends it back to the moderators.</summary>
internal sealed class EditReview(GroupCommit<ReviewsDb> writer, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPatch("/reviews/{id}", async (Params<ReviewPath> at, IfMatch match, Body<ReviewPatch> body, Caller caller, EditReview use, HttpContext http) =>
            (await use.Run(at.Value.Id, body.Value, caller, match.Check)).OkWithETag(http))
        .WithTags("reviews").Allow(Access.SignedIn)
        .Describe("Change a review", "A JSON Merge Patch, for the author only. The review needs approval again.")
        .Takes(new ReviewPatch { Rating = 5 })
        .Answers(200, ReviewView.Example with { Rating = 5, Status = ReviewStatus.NeedsApproval, Version = 3 })
        .Refuses(ReviewsErrors.ReviewNotFound);

    /// <summary>Changes it.</summary>
    /// <param name="id">The review.</param>
    /// <param name="patch">What to change.</param>
    /// <param name="caller">Who asks; only the author is heard.</param>
    /// <param name="precondition">Refuses the change by the current version, or null for none.</param>
    public Task<Result<ReviewView>> Run(Guid id, ReviewPatch patch, Caller caller, Func<int, Error?>? precondition) => writer.Write<ReviewView>(async db =>
    {
        var review = await db.Reviews.SingleOrDefaultAsync(r => r.Id == id && r.CustomerId == caller.Id);
        if (review is null)
        {
            return ReviewsErrors.NoReview(id);
        }

        if (precondition?.Invoke(review.Version) is { } outdated)
        {
            return outdated;
        }

        if (patch != new ReviewPatch())
        {
            var was = review.Counted;
            review.Edit(patch.Rating ?? review.Rating, patch.Comment ?? review.Comment, time.GetUtcNow().UtcDateTime);
            await RatingSummary.Follow(db, review.ProductId, was, review.Counted);
        }

        return await ReviewRow.After(db, id, caller);
    });
}
