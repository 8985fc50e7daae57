using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Reviews.Ratings;
using Souk.Reviews.Reviews;

namespace Souk.Reviews.Moderation;

/// <summary>A moderator's judgement.</summary>
internal sealed class Judgement
{
    /// <summary>Where the review stands from now on.</summary>
    public required ReviewStatus Status { get; set; }

    /// <summary>Why, for other moderators.</summary>
    [Text(1, 500, Multiline = true)]
    public string? Note { get; set; }
}

/// <summary>A review that was moderated.</summary>
/// <param name="From">Where it stood before.</param>
/// <param name="Review">The review now.</param>
internal sealed record Moderated(ReviewStatus From, ReviewView Review);

/// <summary>Approves, flags or reopens a review. An approval settles the reports that were made before it.</summary>
internal sealed class ModerateReview(GroupCommit<ReviewsDb> writer, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPut("/reviews/{id}/moderation", async (Params<ReviewPath> at, Body<Judgement> body, Caller caller, ModerateReview use, HttpContext http) =>
            (await use.Run(at.Value.Id, body.Value, caller)).Map(m => m.Review).OkWithETag(http))
        .WithTags("moderation").Allow(Access.Needs(Permissions.ReviewsModerate))
        .Describe("Moderate a review", "Sets any of the three statuses. Reports that were made before an approval stay on record and no longer count toward hiding the review.")
        .Takes(new Judgement { Status = ReviewStatus.Approved, Note = "Checked" })
        .Answers(200, ReviewView.Example with { Moderation = ModerationView.Example with { Reports = 0 } })
        .Refuses(ReviewsErrors.ReviewNotFound);

    public Task<Result<Moderated>> Run(Guid id, Judgement judgement, Caller by) => writer.Write<Moderated>(async db =>
    {
        var review = await db.Reviews.SingleOrDefaultAsync(r => r.Id == id);
        if (review is null)
        {
            return ReviewsErrors.NoReview(id);
        }

        var (from, was) = (review.Status, review.Counted);
        review.Moderate(judgement.Status, judgement.Note, by.Id, time.GetUtcNow().UtcDateTime);
        await RatingSummary.Follow(db, review.ProductId, was, review.Counted);
        if (judgement.Status == ReviewStatus.Approved)
        {
            await db.Reports.Where(r => r.ReviewId == id && !r.Settled).ExecuteUpdateAsync(set => set.SetProperty(r => r.Settled, true));
        }

        return new Moderated(from, await ReviewRow.After(db, id, by));
    });
}
