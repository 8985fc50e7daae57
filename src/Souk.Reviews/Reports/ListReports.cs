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

namespace Souk.Reviews.Reports;

/// <summary>Whose reports, and which page.</summary>
internal sealed class ReportQuery : PageQuery
{
    /// <summary>The review's id.</summary>
    public required Guid Id { get; set; }
}

/// <summary>Lists the reports of a review, the newest first.</summary>
internal static class ListReports
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapGet("/reviews/{id}/reports", async (Params<ReportQuery> query, ReviewsDb db, HttpContext http) => (await Run(db, query.Value, http.RequestAborted)).Ok())
        .WithTags("moderation").Allow(Access.Needs(Permissions.ReviewsModerate))
        .Describe("List the reports of a review", "The newest first, those that an approval settled too.")
        .Answers(200, new Page<ReportView>([ReportView.Example], null))
        .Refuses(ReviewsErrors.ReviewNotFound);

    private static async Task<Result<Page<ReportView>>> Run(ReviewsDb db, ReportQuery query, CancellationToken stop)
    {
        if (Paging.Read<Key>(query.After).Refused(out var wrong, out var after))
        {
            return wrong;
        }

        if (!await db.Reviews.AnyAsync(r => r.Id == query.Id, stop))
        {
            return ReviewsErrors.NoReview(query.Id);
        }

        var rows = await db.Reports.AsNoTracking().Where(r => r.ReviewId == query.Id && (after == null || r.Id < after.Id))
            .OrderByDescending(r => r.Id).Take(query.Limit + 1).ToListAsync(stop);
        return Paging.Of(rows, query.Limit, ReportView.Of, r => new Key(r.Id));
    }

    private sealed record Key(Guid Id);
}
