using Souk.Testing;

namespace Souk.Reviews.Tests;

public class ModerationTests(TestShop shop)
{
    public static TheoryData<string, string> Transitions()
    {
        var all = new TheoryData<string, string>();
        string[] statuses = ["needs_approval", "approved", "flagged"];
        foreach (var from in statuses)
        {
            foreach (var to in statuses)
            {
                all.Add(from, to);
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(Transitions))]
    public async Task A_moderator_takes_a_review_from_any_status_to_any(string from, string to)
    {
        var (author, review) = await shop.NewReview(await shop.NewProduct());
        await shop.Admin.Moderates(review, from, "First look");
        var before = shop.Clock.GetUtcNow().AddSeconds(-1);

        var moderated = await shop.Admin.Moderates(review, to, "Second look");

        (moderated.Code, moderated.Of("status"), moderated.ETag).ShouldBe((200, to, "\"v3\""));
        (moderated.Of("moderation.note"), moderated["moderation.by"].GetGuid()).ShouldBe(("Second look", shop.Admin.Id));
        moderated["moderation.at"].GetDateTimeOffset().ShouldBeInRange(before, shop.Clock.GetUtcNow());
        moderated.Of("updated_at").ShouldBe(review.Of("updated_at"), "that is when its author last changed it");
        (await shop.Visitor.Sees(review)).Code.ShouldBe(to == "approved" ? 200 : 404);
        (await author.Sees(review)).Of("status").ShouldBe(to);
    }

    [Fact]
    public async Task A_note_that_is_left_out_clears_the_last_one()
    {
        var (_, review) = await shop.NewReview(await shop.NewProduct());
        await shop.Admin.Moderates(review, "flagged", "Rude");
        (await shop.Admin.Moderates(review, "approved"))["moderation.note"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    public async Task The_queue_has_what_waits_the_oldest_first_and_pages_to_the_end()
    {
        var product = await shop.NewProduct();
        var reviews = new List<Answer>();
        for (var i = 0; i < 6; i++)
        {
            reviews.Add((await shop.NewReview(product)).Review);
        }

        await shop.Admin.Moderates(reviews[1], "approved");
        await shop.Admin.Moderates(reviews[2], "flagged");
        var mine = reviews.Select(r => r.Id()).ToHashSet();

        var waiting = await Queue("limit=2");
        waiting.ShouldBe(reviews.Where((_, i) => i is not (1 or 2)).Select(r => r.Id()).Order(StringComparer.Ordinal).ToList());
        (await Queue("status=needs_approval&limit=100")).ShouldBe(waiting);
        (await Queue("status=flagged&limit=1")).ShouldBe([reviews[2].Id()]);

        async Task<List<string>> Queue(string query)
        {
            var all = (await shop.Admin.Walk($"/api/v2/moderation-queue?{query}")).ConvertAll(r => r.GetProperty("id").GetString()!);
            all.ShouldBe(all.Order(StringComparer.Ordinal).ToList(), "UUIDv7 sorts by age");
            all.ShouldBeUnique();
            return all.FindAll(mine.Contains);
        }
    }

    [Fact]
    public async Task The_queue_tells_how_many_reports_are_open()
    {
        var (_, review) = await shop.NewApproved(await shop.NewProduct());
        for (var i = 0; i < 3; i++)
        {
            (await (await shop.NewCustomer()).Reports(review)).Must(201);
        }

        var waiting = (await shop.Admin.Walk("/api/v2/moderation-queue?limit=100")).Single(r => r.GetProperty("id").GetString() == review.Id());
        waiting.GetProperty("moderation").GetProperty("reports").GetInt32().ShouldBe(3);
    }
}
