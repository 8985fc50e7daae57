using System.Data.Common;
using Souk.Testing;

namespace Souk.Reviews.Tests;

/// <summary>Who may review a product, and how often.</summary>
public class PurchaseRuleTests(TestShop shop)
{
    [Fact]
    public async Task Security24_a_review_needs_a_purchase_on_both_contracts()
    {
        var (product, other) = (await shop.NewProduct(), await shop.NewProduct());
        var buyer = await shop.NewBuyer(other);

        (await buyer.Reviews(product)).Refuses(409, "purchase_required");
        (await Submit(buyer, product)).Says(400, $$"""{"message":"Customer '{{buyer.Username}}' has not bought item with id '{{product}}'."}""");
        (await Submit(shop.Admin, product)).Must(400);

        var order = await buyer.Buys(product);
        (await buyer.Post("sales", $"/api/v2/orders/{order.Of("id")}/cancellation")).Must(200);
        (await buyer.Reviews(product)).Refuses(409, "purchase_required");
        (await Submit(buyer, product)).Must(400);

        (await buyer.Buys(product)).Must(201);
        (await Submit(buyer, product)).Must(200);
    }

    [Fact]
    public async Task Security24_one_review_for_a_customer_and_product_however_many_are_sent_at_once_by_either_contract()
    {
        for (var round = 0; round < 5; round++)
        {
            var product = await shop.NewProduct();
            var buyer = await shop.NewBuyer(product);

            var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? buyer.Reviews(product) : Submit(buyer, product)));

            answers.Count(a => a.Code is 200 or 201).ShouldBe(1);
            answers.Count(a => a.Code == 409).ShouldBe(39);
            (await buyer.Looks($"product_id={product}&username={buyer.Username}"))["items"].GetArrayLength().ShouldBe(1);
        }
    }

    [Fact]
    public async Task Security24_the_database_itself_holds_no_second_one()
    {
        var product = await shop.NewProduct();
        var (one, _) = await shop.NewReview(product);
        await shop.NewReview(product);

        var refused = await Should.ThrowAsync<DbException>(() => shop.Storage.Run("reviews", $"""
            UPDATE reviews SET customer_id = (SELECT r.customer_id FROM reviews r WHERE r.product_id = {product} AND r.username = '{one.Username}') WHERE product_id = {product}
            """));

        refused.Message.ShouldContain("unique", Case.Insensitive);
    }

    internal static Task<Answer> Submit(Person person, long product) =>
        person.Post("reviews", "/api/v1/reviews/submit", new { customer_id = person.Username, item_id = product, rating = 4, comment = "Just as described." });
}
