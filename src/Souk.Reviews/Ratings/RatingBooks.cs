using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Platform.Persistence;

namespace Souk.Reviews.Ratings;

/// <summary>Proves that the kept rating summaries are what the approved reviews sum up to.</summary>
internal sealed class RatingBooks(IDbContextFactory<ReviewsDb> contexts)
{
    private readonly List<Discrepancy> _wrong = [];

    public long Summaries { get; private set; }

    public IReadOnlyList<Discrepancy> Wrong => _wrong;

    /// <summary>Reads them.</summary>
    public async Task Read()
    {
        await using var snapshot = await Snapshot.Of(contexts);
        var reviews = new Dictionary<long, string>();
        await snapshot.Each("SELECT product_id, COUNT(*), CAST(SUM(rating) AS bigint) FROM reviews WHERE status = 'Approved' GROUP BY product_id", r => reviews.Add(r.GetInt64(0), Ratings(r.GetInt64(1), r.GetInt64(2))));
        await snapshot.Each("SELECT product_id, count, sum FROM rating_summaries", r =>
        {
            var (id, kept) = (r.GetInt64(0), Ratings(r.GetInt64(1), r.GetInt64(2)));
            Summaries++;
            var expected = reviews.Remove(id, out var sum) ? sum : Ratings(0, 0);
            if (kept != expected)
            {
                _wrong.Add(Of(id, expected, kept));
            }
        });
        _wrong.AddRange(reviews.Select(r => Of(r.Key, r.Value, "no summary")));
    }

    private static string Ratings(long count, long sum) => string.Create(CultureInfo.InvariantCulture, $"{count} ratings, together {sum}");

    private static Discrepancy Of(long product, string expected, string found) => new("rating_summary", product.ToString(CultureInfo.InvariantCulture), expected, found);
}
