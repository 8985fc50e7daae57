using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Platform.Values;
using Souk.Reviews.Products;

namespace Souk.Reviews.Reviews;

/// <summary>A review to be submitted.</summary>
internal sealed class NewReview
{
    /// <summary>The product's number.</summary>
    public required long ProductId { get; set; }

    /// <summary>From 0 to 5.</summary>
    [Between(0, Review.RatingMost)]
    public required int Rating { get; set; }

    /// <summary>What the customer says, as plain text.</summary>
    [Text(1, Review.CommentMost, Multiline = true)]
    public required string Comment { get; set; }
}

/// <summary>Submits the caller's review of a product that they bought. It waits for a moderator.</summary>
internal sealed class SubmitReview(GroupCommit<ReviewsDb> writer, FindProduct products, ReviewRules rules, Peers peers, IdSource ids, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPost("/reviews", async (Body<NewReview> body, IdempotencyKey key, Caller caller, SubmitReview use, HttpContext http) =>
            (await use.Run(body.Value, caller, key)).CreatedWithETag(http, r => $"/api/v2/reviews/{r.Id}"))
        .WithTags("reviews").Allow(Access.SignedIn)
        .Describe("Submit a review", "The author is the caller, who must have bought the product. The public sees the review once a moderator has approved it.")
        .Takes(new NewReview { ProductId = 12, Rating = 4, Comment = "Great product!" })
        .Answers(201, ReviewView.Example with { Status = ReviewStatus.NeedsApproval, Version = 1 })
        .Refuses(ShopErrors.ProductNotFound, ShopErrors.CustomerNotFound, ReviewsErrors.PurchaseRequired, ReviewsErrors.ReviewExists);


    public async Task<Result<ReviewView>> Run(NewReview wanted, Caller author, IdempotencyKey? key)
    {
        var refused = await MayNot(author.Id, wanted.ProductId);
        if (refused is { Kind.Status: >= 500 })
        {
            // It passes by itself, so it must not become the answer that is kept for the key.
            return refused;
        }

        var once = Once.For(Once.ScopeOf(author.Id), key, "submit-review", wanted);
        return await writer.WriteOnce(once, async db => refused ?? await Submit(db, wanted, author));
    }

    private async Task<Error?> MayNot(Guid customerId, long productId)
    {
        var error = (await products.Run(productId)).Error;
        if (error is not null || !rules.RequirePurchase)
        {
            return error;
        }

        var asked = await peers["sales"].Get<PurchaseFact>($"/internal/purchases?customer_id={customerId}&product_id={productId}");
        return asked.Refused(out error, out var fact) ? error
            : fact.Bought ? null
            : ReviewsErrors.PurchaseRequired.With($"You have not bought product {productId}.");
    }

    private async Task<Result<ReviewView>> Submit(ReviewsDb db, NewReview wanted, Caller author)
    {
        if (await db.GoneCustomers.AnyAsync(c => c.Id == author.Id))
        {
            return ShopErrors.NoCustomer(author.Username);
        }

        if (await db.Reviews.AnyAsync(r => r.CustomerId == author.Id && r.ProductId == wanted.ProductId))
        {
            return ReviewsErrors.ReviewExists.With($"You have reviewed product {wanted.ProductId} already; change that review instead.");
        }

        var review = Review.Of(ids.Next(), (author.Id, author.Username), wanted.ProductId, wanted.Rating, wanted.Comment, time.GetUtcNow().UtcDateTime);
        db.Add(review);
        return await ReviewRow.After(db, review.Id, author);
    }
}
