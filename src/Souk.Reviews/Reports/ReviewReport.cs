namespace Souk.Reviews.Reports;

/// <summary>A customer's word that a review should not stand; one for each customer and review.</summary>
internal sealed class ReviewReport
{
    public const int NoteMost = 500;

    public Guid Id { get; init; }

    public Guid ReviewId { get; init; }

    /// <summary>The customer who reported it.</summary>
    public Guid ReporterId { get; init; }

    public ReportReason Reason { get; init; }

    public string? Note { get; init; }

    /// <summary>Whether a moderator approved the review since; such a report no longer counts toward hiding it.</summary>
    public bool Settled { get; init; }

    public DateTime At { get; init; }
}

/// <summary>What is wrong with a review.</summary>
internal enum ReportReason
{
    Spam,
    Offensive,
    OffTopic,
    FalseClaims,
    Other,
}
