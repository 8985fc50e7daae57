using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Platform.Hosting;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Reviews.Ratings;

/// <summary>Which product.</summary>
internal sealed class ProductPath
{
    /// <summary>The product's number.</summary>
    public required long Id { get; set; }
}

/// <summary>How a product is rated, as the second contract shows it.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Count">How many approved reviews it has.</param>
/// <param name="Mean">The mean of their ratings with two decimals, or null when there are none.</param>
/// <param name="Histogram">How many reviews there are of each rating from 0 to 5.</param>
internal sealed record RatingView(long ProductId, long Count, decimal? Mean, IReadOnlyDictionary<string, long> Histogram)
{
    public static readonly RatingView Example = Of(new RatingSummary { ProductId = 12, Count = 8, Sum = 33, Stars2 = 1, Stars3 = 1, Stars4 = 2, Stars5 = 4 });

    public static RatingView Of(RatingSummary s) => new(
        s.ProductId,
        s.Count,
        s.Count == 0 ? null : decimal.Round(decimal.Divide(s.Sum, s.Count), 2, MidpointRounding.AwayFromZero) + 0.00m,
        new Dictionary<string, long> { ["0"] = s.Stars0, ["1"] = s.Stars1, ["2"] = s.Stars2, ["3"] = s.Stars3, ["4"] = s.Stars4, ["5"] = s.Stars5 });
}

/// <summary>Reads how a product is rated.</summary>
internal static class ReadRating
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapGet("/products/{id}/rating", async (Params<ProductPath> at, ReviewsDb db, HttpContext http) => Results.Ok(await Run(db, at.Value.Id, http.RequestAborted)))
        .WithTags("ratings").Allow(Access.Anyone)
        .Describe("Read a product's rating", "Over its approved reviews. A product that has none, or that does not exist, has a count of 0 and no mean.")
        .Answers(200, RatingView.Example);

    private static async Task<RatingView> Run(ReviewsDb db, long productId, CancellationToken stop) =>
        RatingView.Of(await db.Ratings.AsNoTracking().SingleOrDefaultAsync(s => s.ProductId == productId, stop) ?? new RatingSummary { ProductId = productId });
}
