using Microsoft.EntityFrameworkCore;

namespace Souk.Reviews.Ratings;

/// <summary>How a product's approved reviews rate it, kept up to date by whatever changes which reviews are approved.</summary>
internal sealed class RatingSummary
{
    public long ProductId { get; init; }

    public long Count { get; init; }

    public long Sum { get; init; }

    public long Stars0 { get; init; }

    public long Stars1 { get; init; }

    public long Stars2 { get; init; }

    public long Stars3 { get; init; }

    public long Stars4 { get; init; }

    public long Stars5 { get; init; }

    /// <summary>Follows one review, inside the write that changes it.</summary>
    /// <param name="db">The model.</param>
    /// <param name="productId">The product.</param>
    /// <param name="was">The rating that counted before, or null for none.</param>
    /// <param name="now">The rating that counts from now on, or null for none.</param>
    public static async Task Follow(ReviewsDb db, long productId, int? was, int? now)
    {
        if (was == now)
        {
            return;
        }

        var stars = Enumerable.Range(0, 6).Select(n => (now == n ? 1 : 0) - (was == n ? 1 : 0)).ToArray();
        if (!await Add(db, productId, stars.Sum(), (now ?? 0) - (was ?? 0), stars))
        {
            // The product's first approved review makes the row.
            db.Add(new RatingSummary { ProductId = productId });
            await db.SaveChangesAsync();
            await Add(db, productId, stars.Sum(), now ?? 0, stars);
        }
    }

    private static async Task<bool> Add(ReviewsDb db, long productId, int count, int sum, int[] stars) =>
        await db.Ratings.Where(s => s.ProductId == productId).ExecuteUpdateAsync(set => set
            .SetProperty(s => s.Count, s => s.Count + count)
            .SetProperty(s => s.Sum, s => s.Sum + sum)
            .SetProperty(s => s.Stars0, s => s.Stars0 + stars[0])
            .SetProperty(s => s.Stars1, s => s.Stars1 + stars[1])
            .SetProperty(s => s.Stars2, s => s.Stars2 + stars[2])
            .SetProperty(s => s.Stars3, s => s.Stars3 + stars[3])
            .SetProperty(s => s.Stars4, s => s.Stars4 + stars[4])
            .SetProperty(s => s.Stars5, s => s.Stars5 + stars[5])) == 1;
}
