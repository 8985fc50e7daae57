using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Reviews.Reviews;

/// <summary>Which review.</summary>
internal sealed class ReviewPath
{
    /// <summary>The review's id.</summary>
    public required Guid Id { get; set; }
}

/// <summary>Reads one review.</summary>
internal static class ReadReview
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapGet("/reviews/{id}", async (Params<ReviewPath> at, Caller? caller, ReviewsDb db, HttpContext http) =>
            (await Run(db, at.Value.Id, caller, http.RequestAborted)).OkWithETag(http))
        .WithTags("reviews").Allow(Access.Anyone)
        .Describe("Read a review", "An approved review is public; another one is there for its author and moderators only. Moderators also see `moderation`.")
        .Answers(200, ReviewView.Example).Refuses(ReviewsErrors.ReviewNotFound);

    private static async Task<Result<ReviewView>> Run(ReviewsDb db, Guid id, Caller? caller, CancellationToken stop) =>
        await ReviewRow.From(db, db.Reviews.SeenBy(caller).Where(r => r.Id == id), caller).SingleOrDefaultAsync(stop) is { } row
            ? ReviewView.Of(row)
            : ReviewsErrors.NoReview(id);
}
