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
using Souk.Reviews.Reviews;

namespace Souk.Reviews.Moderation;

/// <summary>What moderators look through.</summary>
internal enum QueueStatus
{
    NeedsApproval,
    Flagged,
}

/// <summary>Which queue, and which page.</summary>
internal sealed class QueueQuery : PageQuery
{
    /// <summary>Reviews that nobody has judged, or those that were found unfit.</summary>
    public QueueStatus Status { get; set; }
}

/// <summary>Lists the reviews that wait for a moderator, the oldest first.</summary>
internal static class ListModerationQueue
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapGet("/moderation-queue", async (Params<QueueQuery> query, Caller caller, ReviewsDb db, HttpContext http) => (await Run(db, query.Value, caller, http.RequestAborted)).Ok())
        .WithTags("moderation").Allow(Access.Needs(Permissions.ReviewsModerate))
        .Describe("List what waits for moderators", "The oldest first, each with the number of its open reports.")
        .Answers(200, new Page<ReviewView>([ReviewView.Example with { Status = ReviewStatus.NeedsApproval, Moderation = ModerationView.Example }], null));

    private static async Task<Result<Page<ReviewView>>> Run(ReviewsDb db, QueueQuery query, Caller caller, CancellationToken stop)
    {
        if (Paging.Read<Key>(query.After).Refused(out var wrong, out var after))
        {
            return wrong;
        }

        var status = query.Status == QueueStatus.Flagged ? ReviewStatus.Flagged : ReviewStatus.NeedsApproval;
        var page = db.Reviews.Where(r => r.Status == status && (after == null || r.Id > after.Id)).OrderBy(r => r.Id).Take(query.Limit + 1);
        var rows = await ReviewRow.From(db, page, caller).ToListAsync(stop);
        return Paging.Of(rows, query.Limit, ReviewView.Of, r => new Key(r.Review.Id));
    }

    private sealed record Key(Guid Id);
}
