using Souk.Platform.Errors;

namespace Souk.Reviews;

/// <summary>The refusals that are Reviews' own.</summary>
internal static class ReviewsErrors
{
    public static readonly ErrorKind ReviewNotFound = new("review_not_found", 404, "There is no such review");
    public static readonly ErrorKind ReviewExists = new("review_exists", 409, "The customer has reviewed this product already");
    public static readonly ErrorKind PurchaseRequired = new("purchase_required", 409, "Only customers who bought a product may review it");
    public static readonly ErrorKind OwnReview = new("own_review", 409, "Nobody reports a review of their own");
    public static readonly ErrorKind AlreadyReported = new("already_reported", 409, "The customer has reported this review already");

    /// <summary>No review with that id, or none that the caller may know of.</summary>
    public static Error NoReview(Guid id) => ReviewNotFound.With($"There is no review {id}.");
}
