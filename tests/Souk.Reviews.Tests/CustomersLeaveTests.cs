using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Souk.Testing;

namespace Souk.Reviews.Tests;

public class CustomersLeaveTests(TestShop shop)
{
    [Fact]
    public async Task Reviews_and_reports_of_a_deleted_customer_go_and_their_last_token_writes_nothing()
    {
        var (one, two) = (await shop.NewProduct(), await shop.NewProduct());
        var leaver = await shop.NewBuyer(one, two);
        var (approved, waiting) = (await leaver.Reviews(one), await leaver.Reviews(two));
        await shop.Admin.Moderates(approved, "approved");
        var (_, others) = await shop.NewApproved(one);
        (await leaver.Reports(others)).Must(201);

        (await leaver.Delete("customers", $"/api/v2/customers/{leaver.Username}")).Must(204);

        await TestShop.Eventually(async () => (await shop.Admin.Sees(waiting)).Code == 404, "the review goes");
        (await shop.Admin.Sees(approved)).Must(404);
        (await shop.Admin.Get("reviews", $"{others.Path()}/reports"))["items"].GetArrayLength().ShouldBe(0);
        (await shop.Visitor.Sees(others)).Must(200);
        IsNobody(await leaver.Reviews(one));
        IsNobody(await leaver.Reports(others));
    }

    [Fact]
    public async Task No_refusal_writes_the_name_back()
    {
        var product = await shop.NewProduct();
        var (leaver, review) = await shop.NewReview(product);
        var (_, others) = await shop.NewApproved(product);
        (await leaver.Delete("customers", $"/api/v2/customers/{leaver.Username}")).Must(204);
        await TestShop.Eventually(async () => (await shop.Admin.Sees(review)).Code == 404, "the review goes");

        IsNobody(await leaver.Post("reviews", Requests.Reviews, new { product_id = product, rating = 3, comment = "Late." }, key: "late"));
        IsNobody(await leaver.Reports(others, key: "late-too"));

        await using var db = shop.Parts("reviews").GetRequiredService<IDbContextFactory<ReviewsDb>>().CreateDbContext();
        (await db.KeptAnswers.Where(k => k.Refusal!.Contains(leaver.Username)).ToListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_takes_over_a_name_takes_over_nothing_else()
    {
        var product = await shop.NewProduct();
        var (first, review) = await shop.NewReview(product);
        var handle = first.Username;
        (await first.Delete("customers", $"/api/v2/customers/{handle}")).Must(204);
        await TestShop.Eventually(async () => (await shop.Admin.Sees(review)).Code == 404, "the review goes");

        var second = await shop.NewCustomer(money: 100, username: handle);
        (await second.Reviews(product)).Refuses(409, "purchase_required");
        (await second.Buys(product)).Must(201);
        (await second.Reviews(product)).Must(201);
        (await first.Looks($"product_id={product}")).Ids().ShouldBeEmpty("the old token is not the new customer");
    }

    /// <summary>Reviews hears of the customer's end and of their session's end by two ways; the refusal is that of the one which was faster.</summary>
    private static void IsNobody(Answer answer) => (answer.Code, answer.Problem).ShouldBeOneOf((404, "customer_not_found"), (401, "unauthenticated"));
}
