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
using Souk.Platform.Values;
using Souk.Reviews.Ratings;
using Souk.Reviews.Reviews;

namespace Souk.Reviews.Reports;

/// <summary>A report to be made.</summary>
internal sealed class NewReport
{
    /// <summary>What is wrong with the review.</summary>
    public required ReportReason Reason { get; set; }

    /// <summary>What else is to be said.</summary>
    [Text(1, ReviewReport.NoteMost, Multiline = true)]
    public string? Note { get; set; }
}

/// <summary>A report as the second contract shows it.</summary>
/// <param name="Id">The report.</param>
/// <param name="ReviewId">The review.</param>
/// <param name="ReporterId">The customer id of whoever made it.</param>
/// <param name="Reason">What is wrong with the review.</param>
/// <param name="Note">What else was said.</param>
/// <param name="Settled">Whether a moderator approved the review since.</param>
/// <param name="At">When (UTC).</param>
internal sealed record ReportView(Guid Id, Guid ReviewId, Guid ReporterId, ReportReason Reason, string? Note, bool Settled, DateTime At)
{
    public static readonly ReportView Example = new(
        Guid.Parse("01993e2a-0000-7000-8000-0000000000b1"),
        ReviewView.Example.Id,
        Guid.Parse("01993e2a-0000-7000-8000-000000000003"),
        ReportReason.Spam,
        "Links to another shop",
        false,
        ReviewView.ExampleTime);

    public static ReportView Of(ReviewReport r) => new(r.Id, r.ReviewId, r.ReporterId, r.Reason, r.Note, r.Settled, r.At);
}

/// <summary>Reports a review. Enough reports send an approved one back to the moderators.</summary>
internal sealed class ReportReview(GroupCommit<ReviewsDb> writer, ReviewRules rules, IdSource ids, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPost("/reviews/{id}/reports", async (Params<ReviewPath> at, Body<NewReport> body, IdempotencyKey key, Caller caller, ReportReview use) =>
            (await use.Run(at.Value.Id, body.Value, caller, key)).Created(r => $"/api/v2/reviews/{r.ReviewId}/reports/{r.Id}"))
        .WithTags("reviews").Allow(Access.SignedIn)
        .Describe("Report a review", "Once for each customer, and not by its author. Enough reports hide an approved review until a moderator has looked at it again.")
        .Takes(new NewReport { Reason = ReportReason.Spam, Note = "Links to another shop" })
        .Answers(201, ReportView.Example)
        .Refuses(ReviewsErrors.ReviewNotFound, ShopErrors.CustomerNotFound, ReviewsErrors.OwnReview, ReviewsErrors.AlreadyReported);

    public Task<Result<ReportView>> Run(Guid id, NewReport wanted, Caller by, IdempotencyKey? key) =>
        writer.WriteOnce(Once.For(Once.ScopeOf(by.Id), key, "report-review", id, wanted), db => Report(db, id, wanted, by));

    private async Task<Result<ReportView>> Report(ReviewsDb db, Guid id, NewReport wanted, Caller by)
    {
        if (await MayNot(db, id, by) is { } refused)
        {
            return refused;
        }

        var report = new ReviewReport { Id = ids.Next(), ReviewId = id, ReporterId = by.Id, Reason = wanted.Reason, Note = wanted.Note, At = time.GetUtcNow().UtcDateTime };
        db.Add(report);
        await db.SaveChangesAsync();
        await HideIfDue(db, id);
        return ReportView.Of(report);
    }

    private static async Task<Error?> MayNot(ReviewsDb db, Guid id, Caller by)
    {
        var author = await db.Reviews.SeenBy(by).Where(r => r.Id == id).Select(r => (Guid?)r.CustomerId).SingleOrDefaultAsync();
        return author is null ? ReviewsErrors.NoReview(id)
            : author == by.Id ? ReviewsErrors.OwnReview.With("This review is yours; change or delete it instead.")
            : await db.GoneCustomers.AnyAsync(c => c.Id == by.Id) ? ShopErrors.NoCustomer(by.Username)
            : await db.Reports.AnyAsync(r => r.ReviewId == id && r.ReporterId == by.Id) ? ReviewsErrors.AlreadyReported.With($"You have reported the review {id} already.")
            : null;
    }

    private async Task HideIfDue(ReviewsDb db, Guid id)
    {
        var review = await db.Reviews.SingleAsync(r => r.Id == id);
        if (review.Status == ReviewStatus.Approved && await db.Reports.CountAsync(r => r.ReviewId == id && !r.Settled) >= rules.ReportsToHide)
        {
            var was = review.Counted;
            review.Hide();
            await RatingSummary.Follow(db, review.ProductId, was, review.Counted);
        }
    }
}
