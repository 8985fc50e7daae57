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

/// <summary>Removes a review, with the reports of it.</summary>
internal sealed class DeleteReview(GroupCommit<ReviewsDb> writer)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapDelete("/reviews/{id}", async (Params<ReviewPath> at, Caller caller, DeleteReview use) => (await use.Run(at.Value.Id, caller)).NoContent())
        .WithTags("reviews").Allow(Access.SignedIn)
        .Describe("Delete a review", "For the author and moderators. The author may write another one afterwards.")
        .Answers(204).Refuses(ReviewsErrors.ReviewNotFound);

    public Task<Result<Done>> Run(Guid id, Caller caller) => writer.Write<Done>(async db =>
    {
        var moderates = Sight.Moderates(caller);
        var review = await db.Reviews.SingleOrDefaultAsync(r => r.Id == id && (moderates || r.CustomerId == caller.Id));
        if (review is null)
        {
            return ReviewsErrors.NoReview(id);
        }

        await RatingSummary.Follow(db, review.ProductId, review.Counted, now: null);
        db.Remove(review);
        return default(Done);
    });
}
