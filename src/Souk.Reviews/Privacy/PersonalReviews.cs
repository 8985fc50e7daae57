using Microsoft.EntityFrameworkCore;
using Souk.Platform.Persistence;
using Souk.Platform.Privacy;
using Souk.Reviews.Reports;
using Souk.Reviews.Reviews;

namespace Souk.Reviews.Privacy;

/// <summary>What Reviews stores about a customer: the reviews they wrote and the reports they made.</summary>
internal static class PersonalReviews
{
    private const int AtOnce = PersonalData<ReviewsDb>.AtOnce;

    public static readonly PersonalSection<ReviewsDb>[] Sections = [new("reviews", Reviews), new("reports", Reports)];

    private static async Task<Page<object>> Reviews(ReviewsDb db, Guid customer, string? next)
    {
        var after = Paging.Read<Key>(next).Value;
        var theirs = db.Reviews.Where(r => r.CustomerId == customer && (after == null || r.Id > after.Id)).OrderBy(r => r.Id).Take(AtOnce + 1);
        return Paging.Of(await ReviewRow.From(db, theirs, caller: null).ToListAsync(), AtOnce, object (r) => ReviewView.Of(r), r => new Key(r.Review.Id));
    }

    private static async Task<Page<object>> Reports(ReviewsDb db, Guid customer, string? next)
    {
        var after = Paging.Read<Key>(next).Value;
        var rows = await db.Reports.AsNoTracking().Where(r => r.ReporterId == customer && (after == null || r.Id > after.Id)).OrderBy(r => r.Id).Take(AtOnce + 1).ToListAsync();
        return Paging.Of(rows, AtOnce, object (r) => ReportView.Of(r), r => new Key(r.Id));
    }

    private sealed record Key(Guid Id);
}
