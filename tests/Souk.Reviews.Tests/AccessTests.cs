using Souk.Testing;

namespace Souk.Reviews.Tests;

public class AccessTests(TestShop shop)
{
    [Fact]
    public async Task An_unapproved_review_is_there_for_its_author_and_moderators_alone()
    {
        var product = await shop.NewProduct();
        var (author, review) = await shop.NewReview(product);
        var (other, moderator) = (await shop.NewBuyer(product), await shop.NewModerator());

        foreach (var status in new[] { "needs_approval", "flagged" })
        {
            (await shop.Admin.Moderates(review, status)).Must(200);
            foreach (var stranger in new[] { shop.Visitor, other })
            {
                var hidden = await stranger.Sees(review);
                hidden.Refuses(404, "review_not_found");
                hidden.Of("detail").ShouldBe($"There is no review {review.Id()}.", "the same words as of one that never was");
                (await stranger.Looks($"product_id={product}")).Ids().ShouldBeEmpty();
                (await stranger.Looks($"product_id={product}&status={status}")).Ids().ShouldBeEmpty();
            }

            (await other.Reports(review)).Refuses(404, "review_not_found");
            foreach (var insider in new[] { author, moderator, shop.Admin })
            {
                (await insider.Sees(review)).Of("status").ShouldBe(status);
                (await insider.Looks($"product_id={product}&status={status}")).Ids().ShouldBe([review.Id()]);
            }
        }

        (await shop.Admin.Moderates(review, "approved")).Must(200);
        (await shop.Visitor.Sees(review)).Of("status").ShouldBe("approved");
        (await other.Looks($"product_id={product}")).Ids().ShouldBe([review.Id()]);
    }

    [Fact]
    public async Task Moderators_alone_see_what_moderators_said()
    {
        var (author, review) = await shop.NewReview(await shop.NewProduct());
        var moderator = await shop.NewModerator();
        await moderator.Moderates(review, "approved", "Checked");

        var seen = await shop.Admin.Sees(review);
        seen["moderation"].EnumerateObject().Select(f => f.Name).ShouldBe(["reports", "note", "by", "at"]);
        (seen["moderation.reports"].GetInt32(), seen.Of("moderation.note"), seen["moderation.by"].GetGuid()).ShouldBe((0, "Checked", moderator.Id));
        foreach (var person in new[] { shop.Visitor, author })
        {
            (await person.Sees(review)).Json.TryGetProperty("moderation", out _).ShouldBeFalse();
            (await person.Looks($"product_id={review.Of("product_id")}"))["items.0"].TryGetProperty("moderation", out _).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Nobody_but_the_author_changes_a_review_and_nobody_but_them_and_moderators_deletes_it()
    {
        var (author, review) = await shop.NewApproved(await shop.NewProduct());
        var (other, moderator) = (await shop.NewCustomer(), await shop.NewModerator());

        (await Edit(shop.Visitor)).Refuses(401, "unauthenticated");
        (await Edit(other)).Refuses(404, "review_not_found");
        (await Edit(moderator)).Refuses(404, "review_not_found");
        (await Edit(shop.Admin)).Refuses(404, "review_not_found");
        (await shop.Visitor.Delete("reviews", review.Path())).Refuses(401, "unauthenticated");
        (await other.Delete("reviews", review.Path())).Refuses(404, "review_not_found");
        (await shop.Visitor.Sees(review))["version"].GetInt32().ShouldBe(2, "nothing but the approval has changed it");
        (await Edit(author)).Must(200);

        Task<Answer> Edit(Person person) => person.Send(HttpMethod.Patch, "reviews", review.Path(), new { rating = 1 }, ifMatch: "*");
    }

    [Theory]
    [InlineData("author")]
    [InlineData("moderator")]
    [InlineData("admin")]
    public async Task These_delete_a_review_and_the_author_may_write_another(string role)
    {
        var product = await shop.NewProduct();
        var (author, review) = await shop.NewApproved(product);
        var who = role switch { "author" => author, "moderator" => await shop.NewModerator(), _ => shop.Admin };

        (await who.Delete("reviews", review.Path())).Must(204);

        (await shop.Admin.Sees(review)).Refuses(404, "review_not_found");
        (await who.Delete("reviews", review.Path())).Refuses(404, "review_not_found");
        (await author.Reviews(product)).Must(201);
    }

    [Theory]
    [InlineData("GET", "/api/v2/moderation-queue")]
    [InlineData("GET", "/api/v2/reviews/{id}/reports")]
    [InlineData("PUT", "/api/v2/reviews/{id}/moderation")]
    public async Task Moderation_is_for_moderators_and_admins(string method, string path)
    {
        var (author, review) = await shop.NewReview(await shop.NewProduct());
        var at = path.Replace("{id}", review.Id(), StringComparison.Ordinal);
        var body = method == "PUT" ? new { status = "approved" } : null;

        (await shop.Visitor.Send(new HttpMethod(method), "reviews", at, body)).Refuses(401, "unauthenticated");
        (await new Person(shop, "x", "not.a.token").Send(new HttpMethod(method), "reviews", at, body)).Refuses(401, "unauthenticated");
        (await author.Send(new HttpMethod(method), "reviews", at, body)).Refuses(403, "forbidden");
        (await author.Sees(review)).Of("status").ShouldBe("needs_approval");
        (await (await shop.NewModerator()).Send(new HttpMethod(method), "reviews", at, body)).Must(200);
        (await shop.Admin.Send(new HttpMethod(method), "reviews", at, body)).Must(200);
    }

    [Fact]
    public async Task Visitors_write_nothing()
    {
        var (_, review) = await shop.NewApproved(await shop.NewProduct());
        (await shop.Visitor.Reviews(1)).Refuses(401, "unauthenticated");
        (await shop.Visitor.Reports(review)).Refuses(401, "unauthenticated");
        (await shop.Admin.Post("reviews", "/internal/events", "[]")).Refuses(401, "unauthenticated");
    }
}
