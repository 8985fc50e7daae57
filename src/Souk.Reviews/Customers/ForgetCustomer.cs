using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Platform.Persistence;
using Souk.Reviews.Ratings;
using Souk.Reviews.Reviews;

namespace Souk.Reviews.Customers;

/// <summary>Erases a deleted customer: their reviews, their reports, and the kept answers of their requests.</summary>
internal static class ForgetCustomer
{
    public static async Task Run(ReviewsDb db, CustomerDeleted e)
    {
        var theirs = db.Reviews.Where(r => r.CustomerId == e.CustomerId);
        foreach (var counted in await theirs.Where(r => r.Status == ReviewStatus.Approved).Select(r => new { r.ProductId, r.Rating }).ToListAsync())
        {
            await RatingSummary.Follow(db, counted.ProductId, was: counted.Rating, now: null);
        }

        await theirs.ExecuteDeleteAsync();
        await db.Reports.Where(r => r.ReporterId == e.CustomerId).ExecuteDeleteAsync();
        var scope = Once.ScopeOf(e.CustomerId);
        await db.KeptAnswers.Where(k => k.Scope == scope).ExecuteDeleteAsync();
        if (!await db.GoneCustomers.AnyAsync(c => c.Id == e.CustomerId))
        {
            db.Add(new GoneCustomer { Id = e.CustomerId });
        }
    }
}
