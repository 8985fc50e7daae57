using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Reviews.Reviews;

namespace Souk.Reviews.V1;

/// <summary>A review to be submitted.</summary>
internal sealed class SubmittedReview : ReviewName
{
    /// <summary>From 0 to 5.</summary>
    [Between(0, Review.RatingMost)]
    public required int Rating { get; set; }

    /// <summary>What the customer says, as plain text.</summary>
    [Text(1, Review.CommentMost, Multiline = true)]
    public required string Comment { get; set; }
}

/// <summary>Fields of a review to be changed.</summary>
internal sealed class ReviewUpdate : ReviewName
{
    /// <summary>From 0 to 5.</summary>
    [Between(0, Review.RatingMost)]
    public int? Rating { get; set; }

    /// <summary>What the customer says, as plain text.</summary>
    [Text(1, Review.CommentMost, Multiline = true)]
    public string? Comment { get; set; }
}

/// <summary>A review after its update.</summary>
/// <param name="CustomerId">The author's username.</param>
/// <param name="ItemId">The product's number.</param>
/// <param name="Rating">From 0 to 5.</param>
/// <param name="Comment">What the customer says.</param>
internal sealed record UpdatedReview(string CustomerId, long ItemId, int Rating, string Comment);

/// <summary>The first contract's ways to submit, update and delete a review.</summary>
internal static class WriteReviews
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapPost("/submit", async (Body<SubmittedReview> body, IdempotencyKey key, Caller caller, SubmitReview use) => await Submit(body.Value, key, caller, use))
            .WithTags("v1").Allow(Access.SignedIn).InV1(Words.Of("posting review", "Could not submit review"))
            .Describe("Submit a review", "`customer_id` is the caller's username.")
            .Takes(new SubmittedReview { CustomerId = "johndoe", ItemId = 123, Rating = 4, Comment = "Great product!" })
            .Answers(200, new Message("Posted johndoe's review for 123 successfully. Waiting for admin review to be completed ..."))
            .Answers(400, new Message("Either customer 'johndoe' or item with id '123' doesn't exist."))
            .Answers(409, new Message("johndoe's review for 123 already exists. If you want to update send a put request instead of post."))
            .Refuses(CommonErrors.Forbidden);
        v1.MapPut("/update", async (Body<ReviewUpdate> body, Caller caller, EditReview use, ReviewsDb db) => await Update(body.Value, caller, use, db))
            .WithTags("v1").Allow(Access.SignedIn).InV1(Words.Of("updating", "Failed to update review"))
            .Describe("Update a review", "Only the fields that are sent change. The review needs approval again.")
            .Takes(new ReviewUpdate { CustomerId = "johndoe", ItemId = 123, Rating = 5, Comment = "Updated comment: I really love this item now!" })
            .Answers(200, Updated(new UpdatedReview("johndoe", 123, 5, "Updated comment: I really love this item now!")))
            .Answers(202, new Message("johndoe's review for 123 update request processed, but no new data available"))
            .Answers(404, new Message("johndoe's review for 123 not found"))
            .Refuses(CommonErrors.Forbidden);
        v1.MapDelete("/delete", async (Params<ReviewName> name, Caller caller, DeleteReview use, ReviewsDb db) => await Delete(name.Value, caller, use, db))
            .WithTags("v1").Allow(Access.SignedIn).InV1(Words.Of("deleting", "Failed to delete review"))
            .Describe("Delete a review", "For the author and moderators.")
            .Answers(200, new Message("Deleted review successfully."))
            .Answers(404, new Message("johndoe's review for 123 not found"))
            .Refuses(CommonErrors.Forbidden);
    }

    private static async Task<IResult> Submit(SubmittedReview wanted, IdempotencyKey key, Caller caller, SubmitReview use)
    {
        if (wanted.CustomerId != caller.Username)
        {
            return NotYours(wanted);
        }

        var review = new NewReview { ProductId = wanted.ItemId, Rating = wanted.Rating, Comment = wanted.Comment };
        return Words.In(await use.Run(review, caller, key), wanted)
            .Map(r => new Message($"Posted {r.Username}'s review for {r.ProductId} successfully. Waiting for admin review to be completed ...")).Ok();
    }

    private static async Task<IResult> Update(ReviewUpdate wanted, Caller caller, EditReview use, ReviewsDb db)
    {
        if (wanted.CustomerId != caller.Username)
        {
            return NotYours(wanted);
        }

        if (await wanted.Newest(db.Reviews.Where(r => r.CustomerId == caller.Id)) is not { } id)
        {
            return new Refusal(Words.NotFound(wanted));
        }

        if (wanted is { Rating: null, Comment: null })
        {
            return Results.Json(new Message($"{wanted.CustomerId}'s review for {wanted.ItemId} update request processed, but no new data available"), statusCode: 202);
        }

        var done = await use.Run(id, new ReviewPatch { Rating = wanted.Rating, Comment = wanted.Comment }, caller, null);
        return Words.In(done, wanted).Map(r => Updated(new UpdatedReview(r.Username, r.ProductId, r.Rating, r.Comment))).Ok();
    }

    private static async Task<IResult> Delete(ReviewName name, Caller caller, DeleteReview use, ReviewsDb db)
    {
        var own = name.CustomerId == caller.Username;
        if (!own && !Sight.Moderates(caller))
        {
            return NotYours(name);
        }

        // A username can pass to somebody else: what is "mine" goes by the customer's id, and only moderators go by the name.
        var found = own ? db.Reviews.Where(r => r.CustomerId == caller.Id) : db.Reviews.Where(r => r.Username == name.CustomerId);
        return await name.Newest(found) is { } id
            ? Words.In(await use.Run(id, caller), name).Map(_ => new Message("Deleted review successfully.")).Ok()
            : new Refusal(Words.NotFound(name));
    }

    private static Told<UpdatedReview> Updated(UpdatedReview review) =>
        new($"Updated {review.CustomerId}'s review for {review.ItemId} successfully.", review);

    private static Refusal NotYours(ReviewName name) => new(CommonErrors.Forbidden.With($"The review is not yours: you are not signed in as '{name.CustomerId}'."));
}
