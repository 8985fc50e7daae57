using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Reviews.Moderation;
using Souk.Reviews.Products;
using Souk.Reviews.Reviews;

namespace Souk.Reviews.V1;

/// <summary>Whose review of what, and where it stands from now on.</summary>
internal sealed class FlagChange : ReviewName
{
    /// <summary>Where it stands from now on.</summary>
    public required ReviewStatus NewFlag { get; set; }
}

/// <summary>The first contract's way to moderate a review.</summary>
internal static class Moderate
{
    public static void Map(IEndpointRouteBuilder v1) => v1
        .MapPut("/moderate", async (Params<FlagChange> wanted, Caller caller, ModerateReview use, FindProduct products, Peers peers, ReviewsDb db) =>
        {
            var name = wanted.Value;
            var id = await name.Newest(db.Reviews.Where(r => r.Username == name.CustomerId));
            return id is null
                ? new Refusal(await WhyNone(name, products, peers))
                : Words.In(await use.Run(id.Value, new Judgement { Status = name.NewFlag }, caller), name).Map(m => Done(name, m)).Ok();
        })
        .WithTags("v1").Allow(Access.Needs(Permissions.ReviewsModerate)).InV1(Manner)
        .Describe("Moderate a review", "Sets one of the three statuses.")
        .Answers(200, Done(new ReviewName { CustomerId = "johndoe", ItemId = 123 }, new Moderated(ReviewStatus.NeedsApproval, ReviewView.Example with { ProductId = 123 })))
        .Answers(400, new Message("Customer 'johndoe' or item with id '123' not found"))
        .Answers(401, new Message("Invalid Bearer Token"))
        .Answers(404, new Message("johndoe's review for 123 not found"));

    private static Func<Error, (int Status, object Body)?> Otherwise { get; } = Words.Of("moderating", "Database Error");

    private static (int Status, object Body)? Manner(Error error) =>
        error.Kind == CommonErrors.Unauthenticated || error.Kind == CommonErrors.Forbidden ? (401, new Message("Invalid Bearer Token")) : Otherwise(error);

    /// <summary>The contract tells a missing customer or item (400) from a missing review (404).</summary>
    private static async Task<Error> WhyNone(ReviewName name, FindProduct products, Peers peers)
    {
        var error = (await products.Run(name.ItemId)).Error
            ?? (await peers["customers"].Get<CustomerCard>($"/internal/customers?username={Uri.EscapeDataString(name.CustomerId)}")).Error;
        return error is null ? Words.NotFound(name)
            : error.Kind.Status < 500 ? error with { Detail = $"Customer '{name.CustomerId}' or item with id '{name.ItemId}' not found" }
            : error;
    }

    private static Told<ModeratedReview> Done(ReviewName name, Moderated m) => new(
        $"Moderate review successfully for item_id {name.ItemId} and customer_id {name.CustomerId}. Changed it from {Wire(m.From)} to {Wire(m.Review.Status)}",
        new ModeratedReview(V1Review.Of(m.Review)));

    private static string Wire(ReviewStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    /// <summary>The review that was moderated.</summary>
    /// <param name="Review">The review.</param>
    private sealed record ModeratedReview(V1Review Review);
}
