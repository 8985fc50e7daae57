using Souk.Testing;

namespace Souk.Reviews.Tests;

public class ReportTests(TestShop shop)
{
    [Fact]
    public async Task A_customer_reports_a_review_once()
    {
        var (author, review) = await shop.NewApproved(await shop.NewProduct());
        var reporter = await shop.NewCustomer();

        var made = await reporter.Post("reviews", $"{review.Path()}/reports", new { reason = "off_topic", note = "About\nanother shop" });

        made.Must(201);
        made.Json.EnumerateObject().Select(f => f.Name).ShouldBe(["id", "review_id", "reporter_id", "reason", "note", "settled", "at"]);
        (made.Of("review_id"), made["reporter_id"].GetGuid(), made.Of("reason"), made.Of("note"), made["settled"].GetBoolean())
            .ShouldBe((review.Id(), reporter.Id, "off_topic", "About\nanother shop", false));
        made.Headers.Location!.ToString().ShouldBe($"{review.Path()}/reports/{made.Of("id")}");
        (await reporter.Reports(review)).Refuses(409, "already_reported");
        (await author.Reports(review)).Refuses(409, "own_review");
        (await shop.Admin.Get("reviews", $"{review.Path()}/reports"))["items"].GetRawText().ShouldBe($"[{made.Text}]");
    }

    [Fact]
    public async Task A_repeated_key_reports_once()
    {
        var product = await shop.NewProduct();
        var ((_, review), (_, other)) = (await shop.NewApproved(product), await shop.NewApproved(product));
        var reporter = await shop.NewCustomer();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => reporter.Reports(review, key: "report-1")));

        answers.ShouldAllBe(a => a.Code == 201);
        answers.Select(a => a.Text).Distinct().Count().ShouldBe(1);
        (await reporter.Reports(review, "offensive", key: "report-1")).Refuses(422, "idempotency_key_reused");
        (await reporter.Reports(other, key: "report-1")).Refuses(422, "idempotency_key_reused");
    }

    [Fact]
    public async Task The_third_report_hides_a_review_until_it_is_approved_again_and_the_old_ones_count_no_more()
    {
        var product = await shop.NewProduct();
        var (_, review) = await shop.NewApproved(product);
        await Report(2);
        (await shop.Visitor.Sees(review)).Code.ShouldBe(200, "two are not enough");
        (await Count()).ShouldBe(1);

        await Report(1);
        (await shop.Visitor.Sees(review)).Must(404);
        (await Count()).ShouldBe(0);
        var hidden = await shop.Admin.Sees(review);
        (hidden.Of("status"), hidden["moderation.reports"].GetInt32()).ShouldBe(("needs_approval", 3));

        var approved = await shop.Admin.Moderates(review, "approved");
        (approved.Of("status"), approved["moderation.reports"].GetInt32()).ShouldBe(("approved", 0));
        var settled = await shop.Admin.Get("reviews", $"{review.Path()}/reports");
        settled["items"].EnumerateArray().Select(r => r.GetProperty("settled").GetBoolean()).ShouldBe([true, true, true]);

        await Report(2);
        (await shop.Visitor.Sees(review)).Code.ShouldBe(200, "those before the approval are settled");
        await Report(1);
        (await shop.Visitor.Sees(review)).Must(404);

        async Task<int> Count() => (await shop.Visitor.Get("reviews", $"/api/v2/products/{product}/rating"))["count"].GetInt32();

        async Task Report(int times)
        {
            for (var i = 0; i < times; i++)
            {
                (await (await shop.NewCustomer()).Reports(review)).Must(201);
            }
        }
    }

    [Fact]
    public async Task Twenty_reports_at_once_hide_it_once()
    {
        var (_, review) = await shop.NewApproved(await shop.NewProduct());
        var reporters = await shop.NewCustomers(20, money: 0);

        var answers = await Task.WhenAll(reporters.Select(r => r.Reports(review)));

        // Those who come after the third find it hidden.
        answers.Count(a => a.Code == 201).ShouldBe(3);
        answers.Count(a => a.Code == 404).ShouldBe(17);
        (await shop.Admin.Sees(review))["version"].GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task They_are_listed_newest_first_and_page_to_the_end()
    {
        var (_, review) = await shop.NewReview(await shop.NewProduct());
        var moderators = new List<Person> { shop.Admin };
        for (var i = 0; i < 4; i++)
        {
            moderators.Add(await shop.NewModerator());
        }

        var made = new List<string>();
        foreach (var moderator in moderators)
        {
            made.Add((await moderator.Reports(review)).Of("id"));
        }

        var seen = (await shop.Admin.Walk($"{review.Path()}/reports?limit=2")).ConvertAll(r => r.GetProperty("id").GetString()!);
        seen.ShouldBe(made.OrderDescending(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_shop_may_ask_for_another_number_of_reports()
    {
        await using var strict = new TestShop().With("Reviews:ReportsToHide", "1");
        await strict.InitializeAsync();
        var (_, review) = await strict.NewApproved(await strict.NewProduct());

        (await (await strict.NewCustomer()).Reports(review)).Must(201);

        (await strict.Visitor.Sees(review)).Must(404);
    }
}
