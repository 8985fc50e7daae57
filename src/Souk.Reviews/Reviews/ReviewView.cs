using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Souk.Platform.Hosting;
using Souk.Platform.Security;

namespace Souk.Reviews.Reviews;

/// <summary>A review as the second contract shows it.</summary>
/// <param name="Id">The review.</param>
/// <param name="ProductId">The product.</param>
/// <param name="ProductName">The product's name.</param>
/// <param name="Username">The author.</param>
/// <param name="Rating">From 0 to 5.</param>
/// <param name="Comment">Plain text; encode it where you show it.</param>
/// <param name="Status">Where it stands with the moderators.</param>
/// <param name="Version">Counts up with each change; also the ETag.</param>
/// <param name="CreatedAt">When it was written (UTC).</param>
/// <param name="UpdatedAt">When its author last changed it (UTC).</param>
/// <param name="Moderation">What moderators alone see.</param>
internal sealed record ReviewView(
    Guid Id,
    long ProductId,
    string ProductName,
    string Username,
    int Rating,
    string Comment,
    ReviewStatus Status,
    int Version,
    DateTime CreatedAt,
    DateTime UpdatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ModerationView? Moderation)
    : IVersioned
{
    public static readonly DateTime ExampleTime = new(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc);

    public static readonly ReviewView Example = new(
        Guid.Parse("01993e2a-0000-7000-8000-0000000000a1"), 12, "Green T-Shirt", "johndoe", 4, "Great product!", ReviewStatus.Approved, 2, ExampleTime, ExampleTime, null);

    public static ReviewView Of(ReviewRow row)
    {
        var r = row.Review;
        var moderation = row.Reports is { } reports ? new ModerationView(reports, r.ModerationNote, r.ModeratedBy, r.ModeratedAt) : null;
        return new(r.Id, r.ProductId, row.ProductName, r.Username, r.Rating, r.Comment, r.Status, r.Version, r.CreatedAt, r.UpdatedAt, moderation);
    }
}

/// <summary>What moderators see of a review besides the review.</summary>
/// <param name="Reports">How many customers reported it since it was last approved.</param>
/// <param name="Note">What the last moderator said.</param>
/// <param name="By">The customer id of the last moderator.</param>
/// <param name="At">When it was last moderated (UTC).</param>
internal sealed record ModerationView(int Reports, string? Note, Guid? By, DateTime? At)
{
    public static readonly ModerationView Example = new(3, "Checked", Guid.Parse("01993e2a-0000-7000-8000-000000000002"), ReviewView.ExampleTime);
}

/// <summary>A review with what is shown beside it.</summary>
/// <param name="Review">The review.</param>
/// <param name="ProductName">Its product's name.</param>
/// <param name="Reports">How many reports are open; null for callers who may not know.</param>
internal sealed record ReviewRow(Review Review, string ProductName, int? Reports)
{
    public static IQueryable<ReviewRow> From(ReviewsDb db, IQueryable<Review> reviews, Caller? caller)
    {
        var moderates = Sight.Moderates(caller);
        return reviews.AsNoTracking().Select(r => new ReviewRow(
            r, r.Product!.Name, moderates ? db.Reports.Count(p => p.ReviewId == r.Id && !p.Settled) : null));
    }

    /// <summary>One review as it stands now, inside a write that has just changed it.</summary>
    public static async Task<ReviewView> After(ReviewsDb db, Guid id, Caller caller)
    {
        await db.SaveChangesAsync();
        return ReviewView.Of(await From(db, db.Reviews.Where(r => r.Id == id), caller).SingleAsync());
    }
}
