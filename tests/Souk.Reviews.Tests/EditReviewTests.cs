using Souk.Testing;

namespace Souk.Reviews.Tests;

public class EditReviewTests(TestShop shop)
{
    [Fact]
    public async Task Only_what_is_sent_changes_and_the_review_needs_approval_again()
    {
        var (author, review) = await shop.NewApproved(await shop.NewProduct(), rating: 2);

        var edited = await author.Patch("reviews", review.Path(), new { comment = "On second thoughts." });

        (edited.Code, edited.ETag, edited["version"].GetInt32()).ShouldBe((200, "\"v3\"", 3));
        (edited["rating"].GetInt32(), edited.Of("comment"), edited.Of("status")).ShouldBe((2, "On second thoughts.", "needs_approval"));
        edited.Of("created_at").ShouldBe(review.Of("created_at"));
        edited["updated_at"].GetDateTime().ShouldBeGreaterThan(review["updated_at"].GetDateTime());
        (await shop.Visitor.Sees(review)).Must(404);
        (await author.Sees(review)).Text.ShouldBe(edited.Text);
    }

    [Fact]
    public async Task A_change_of_nothing_leaves_the_approval_alone()
    {
        var (author, review) = await shop.NewApproved(await shop.NewProduct());
        var same = await author.Patch("reviews", review.Path(), new { });
        (same.Of("status"), same.ETag).ShouldBe(("approved", "\"v2\""));
    }

    [Fact]
    public async Task An_edit_names_the_version_that_it_edits()
    {
        var (author, review) = await shop.NewReview(await shop.NewProduct());
        (await Edit(null)).Refuses(428, "precondition_required");
        (await Edit("\"v7\"")).Refuses(412, "precondition_failed");
        (await shop.Admin.Moderates(review, "flagged")).Must(200);
        (await Edit("\"v1\"")).Refuses(412, "precondition_failed");
        (await Edit("\"v2\"")).ETag.ShouldBe("\"v3\"");
        (await Edit("*")).ETag.ShouldBe("\"v4\"");

        Task<Answer> Edit(string? ifMatch) => author.Send(HttpMethod.Patch, "reviews", review.Path(), new { rating = 1 }, ifMatch: ifMatch);
    }
}
