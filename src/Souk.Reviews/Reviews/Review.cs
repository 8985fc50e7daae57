using Souk.Reviews.Products;

namespace Souk.Reviews.Reviews;

/// <summary>What a customer says about a product; one for each customer and product. The public sees it once it is approved.</summary>
internal sealed class Review
{
    public const int RatingMost = 5;
    public const int CommentMost = 1000;

    /// <summary>The longest username that is asked for.</summary>
    public const int UsernameMost = 100;

    public Guid Id { get; init; }

    /// <summary>The author. What belongs to whom is decided by this and never by the username, which can pass to somebody else.</summary>
    public Guid CustomerId { get; init; }

    /// <summary>The author's handle when the review was written.</summary>
    public required string Username { get; init; }

    public long ProductId { get; init; }

    public KnownProduct? Product { get; init; }

    public int Rating { get; private set; }

    /// <summary>Plain text: markup in it is text as well, and is encoded by whoever shows it.</summary>
    public required string Comment { get; set; }

    public ReviewStatus Status { get; private set; }

    /// <summary>Counts up with each change, the moderators' too; the ETag.</summary>
    public int Version { get; private set; } = 1;

    public DateTime CreatedAt { get; init; }

    /// <summary>When its author last changed it (UTC).</summary>
    public DateTime UpdatedAt { get; private set; }

    /// <summary>What the last moderator said.</summary>
    public string? ModerationNote { get; private set; }

    /// <summary>The customer id of the last moderator.</summary>
    public Guid? ModeratedBy { get; private set; }

    public DateTime? ModeratedAt { get; private set; }

    /// <summary>The rating, when it counts for the product.</summary>
    public int? Counted => Status == ReviewStatus.Approved ? Rating : null;

    public static Review Of(Guid id, (Guid Id, string Username) author, long productId, int rating, string comment, DateTime now) => new()
    {
        Id = id,
        CustomerId = author.Id,
        Username = author.Username,
        ProductId = productId,
        Rating = rating,
        Comment = comment,
        CreatedAt = now,
        UpdatedAt = now,
    };

    /// <summary>The author changes it; nobody has approved the new words yet.</summary>
    public void Edit(int rating, string comment, DateTime now)
    {
        (Rating, Comment, Status, UpdatedAt) = (rating, comment, ReviewStatus.NeedsApproval, now);
        Version++;
    }

    /// <summary>A moderator judges it.</summary>
    public void Moderate(ReviewStatus status, string? note, Guid by, DateTime now)
    {
        (Status, ModerationNote, ModeratedBy, ModeratedAt) = (status, note, by, now);
        Version++;
    }

    /// <summary>Customers reported it so often that a moderator must look again.</summary>
    public void Hide()
    {
        Status = ReviewStatus.NeedsApproval;
        Version++;
    }
}

/// <summary>Where a review stands with the moderators.</summary>
internal enum ReviewStatus
{
    /// <summary>Nobody has judged it yet, or not since it changed.</summary>
    NeedsApproval,

    /// <summary>Everybody sees it.</summary>
    Approved,

    /// <summary>It was found unfit; only its author and moderators see it.</summary>
    Flagged,
}
