using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Reviews.Reviews;

namespace Souk.Reviews.V1;

/// <summary>Which product.</summary>
internal sealed class ItemPath
{
    /// <summary>The product's number.</summary>
    public required long ItemId { get; set; }
}

/// <summary>Which customer.</summary>
internal sealed class CustomerPath
{
    /// <summary>The customer's username.</summary>
    [Text(1, Review.UsernameMost)]
    public required string CustomerId { get; set; }
}

/// <summary>The first contract's ways to read reviews: the approved ones, to authors also their own, to moderators all.</summary>
internal static class FetchReviews
{
    private const string Note = "Everybody sees approved reviews, authors also their own, moderators all.";

    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/item/{item_id}", async (Params<ItemPath> at, Caller? caller, ReviewsDb db, HttpContext http) =>
                await All(db.Reviews.SeenBy(caller).Where(r => r.ProductId == at.Value.ItemId), $"Fetched reviews successfully for item_id {at.Value.ItemId}.", http))
            .WithTags("v1").Allow(Access.Anyone).InV1(Failed)
            .Describe("Read an item's reviews", Note)
            .Answers(200, new Told<IReadOnlyList<V1Review>>("Fetched reviews successfully for item_id 123.", [V1Review.Example]));
        v1.MapGet("/customer/{customer_id}", async (Params<CustomerPath> at, Caller? caller, ReviewsDb db, HttpContext http) =>
                await All(db.Reviews.SeenBy(caller).Where(r => r.Username == at.Value.CustomerId), $"Fetched reviews successfully for customer_id {at.Value.CustomerId}.", http))
            .WithTags("v1").Allow(Access.Anyone).InV1(Failed)
            .Describe("Read a customer's reviews", Note)
            .Answers(200, new Told<IReadOnlyList<V1Review>>("Fetched reviews successfully for customer_id johndoe.", [V1Review.Example]));
        v1.MapGet("/details", async (Params<ReviewName> name, Caller? caller, ReviewsDb db, HttpContext http) => await One(db.Reviews.SeenBy(caller), name.Value, http))
            .WithTags("v1").Allow(Access.Anyone).InV1(Failed)
            .Describe("Read one review", Note)
            .Answers(200, new Told<V1Review>("Fetched review successfully for item_id 123 and customer_id johndoe.", V1Review.Example))
            .Answers(404, new Message("johndoe's review for 123 not found"));
    }

    /// <summary>The contract says "deleting" of a failed read, so it stays.</summary>
    private static Func<Error, (int Status, object Body)?> Failed { get; } = Words.Of("deleting", "Database Error");

    private static async Task<IResult> All(IQueryable<Review> reviews, string message, HttpContext http)
    {
        var found = await reviews.AsNoTracking().OrderByDescending(r => r.Id).ToListAsync(http.RequestAborted);
        return Results.Ok(new Told<IReadOnlyList<V1Review>>(message, found.ConvertAll(V1Review.Of)));
    }

    private static async Task<IResult> One(IQueryable<Review> reviews, ReviewName name, HttpContext http) =>
        await reviews.AsNoTracking().Where(r => r.Username == name.CustomerId && r.ProductId == name.ItemId)
            .OrderByDescending(r => r.Id).FirstOrDefaultAsync(http.RequestAborted) is { } review
            ? Results.Ok(new Told<V1Review>($"Fetched review successfully for item_id {name.ItemId} and customer_id {name.CustomerId}.", V1Review.Of(review)))
            : new Refusal(Words.NotFound(name));
}
