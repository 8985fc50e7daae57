using Souk.Contracts;
using Souk.Platform.Security;

namespace Souk.Reviews.Reviews;

/// <summary>Who sees which reviews: everybody the approved ones, authors their own, moderators all.</summary>
internal static class Sight
{
    public static bool Moderates(Caller? caller) => caller?.Can(Permissions.ReviewsModerate) == true;

    public static IQueryable<Review> SeenBy(this IQueryable<Review> reviews, Caller? caller)
    {
        var self = caller?.Id;
        return Moderates(caller) ? reviews : reviews.Where(r => r.Status == ReviewStatus.Approved || r.CustomerId == self);
    }
}
