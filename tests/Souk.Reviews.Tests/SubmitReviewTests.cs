using Souk.Testing;

namespace Souk.Reviews.Tests;

public class SubmitReviewTests(TestShop shop)
{
    [Fact]
    public async Task A_buyer_submits_a_review_that_waits_for_a_moderator()
    {
        var product = await shop.NewProduct(name: "Reviewed Teapot");
        var author = await shop.NewBuyer(product);

        var review = await author.Reviews(product, rating: 5, comment: "Pours\nwell.");

        review.Must(201);
        review.Json.EnumerateObject().Select(f => f.Name).ShouldBe(
            ["id", "product_id", "product_name", "username", "rating", "comment", "status", "version", "created_at", "updated_at"]);
        (review["product_id"].GetInt64(), review.Of("product_name"), review.Of("username")).ShouldBe((product, "Reviewed Teapot", author.Username));
        (review["rating"].GetInt32(), review.Of("comment"), review.Of("status"), review["version"].GetInt32()).ShouldBe((5, "Pours\nwell.", "needs_approval", 1));
        (review.ETag, review.Headers.Location!.ToString()).ShouldBe(("\"v1\"", review.Path()));
        var read = await author.Sees(review);
        (read.Code, read.Text, read.ETag).ShouldBe((200, review.Text, "\"v1\""));
    }

    [Fact]
    public async Task Who_has_not_bought_it_does_not_review_it()
    {
        var product = await shop.NewProduct();
        var other = await shop.NewBuyer(await shop.NewProduct());

        (await other.Reviews(product)).Refuses(409, "purchase_required");
        (await shop.Admin.Reviews(product)).Refuses(409, "purchase_required");
        (await other.Buys(product)).Must(201);
        (await other.Reviews(product)).Must(201);
    }

    [Fact]
    public async Task A_cancelled_order_is_no_purchase()
    {
        var product = await shop.NewProduct();
        var buyer = await shop.NewCustomer(money: 100);
        var order = await buyer.Buys(product);
        (await buyer.Post("sales", $"/api/v2/orders/{order.Of("id")}/cancellation")).Must(200);

        (await buyer.Reviews(product)).Refuses(409, "purchase_required");
    }

    [Fact]
    public async Task A_shop_may_do_without_the_purchase()
    {
        await using var open = new TestShop().With("Reviews:RequirePurchase", "false");
        await open.InitializeAsync();
        var product = await open.NewProduct();
        var anybody = await open.NewCustomer();

        (await anybody.Reviews(product)).Must(201);
        (await anybody.Reviews(product)).Refuses(409, "review_exists");
        (await anybody.Reviews(987654321)).Refuses(404, "product_not_found");
    }

    [Fact]
    public async Task There_is_one_review_for_each_customer_and_product()
    {
        var (product, other) = (await shop.NewProduct(), await shop.NewProduct());
        var author = await shop.NewBuyer(product, other);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => author.Reviews(product)));

        answers.Count(a => a.Code == 201).ShouldBe(1);
        answers.Count(a => a.Code == 409 && a.Problem == "review_exists").ShouldBe(19);
        (await author.Reviews(other)).Must(201);
        (await (await shop.NewBuyer(product)).Reviews(product)).Must(201);
    }

    [Fact]
    public async Task Only_a_product_that_is_sold_is_reviewed()
    {
        var (known, unknown) = (await shop.NewProduct(), await shop.NewProduct());
        await shop.NewReview(known);
        var buyer = await shop.NewBuyer(known, unknown);
        (await shop.Admin.Delete("inventory", $"/api/v2/products/{known}")).Must(204);
        (await shop.Admin.Delete("inventory", $"/api/v2/products/{unknown}")).Must(204);

        (await buyer.Reviews(987654321)).Refuses(404, "product_not_found");
        (await buyer.Reviews(unknown)).Refuses(404, "product_not_found");
        await TestShop.Eventually(async () => (await buyer.Reviews(known)).Code == 404, "the deletion of a product that was reviewed before");
    }

    [Fact]
    public async Task A_repeated_key_gets_the_first_answer_whatever_has_happened_since()
    {
        var (product, other) = (await shop.NewProduct(), await shop.NewProduct());
        var author = await shop.NewBuyer(product, other);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Submit(product, 4)));
        answers.ShouldAllBe(a => a.Code == 201);
        answers.Select(a => (a.Text, a.ETag, a.Headers.Location)).Distinct().Count().ShouldBe(1);

        (await author.Delete("reviews", answers[0].Path())).Must(204);
        (await Submit(product, 4)).Text.ShouldBe(answers[0].Text);
        (await author.Sees(answers[0])).Must(404);
        (await Submit(product, 5)).Refuses(422, "idempotency_key_reused");
        (await Submit(other, 4)).Refuses(422, "idempotency_key_reused");

        Task<Answer> Submit(long id, int rating) => author.Post("reviews", Requests.Reviews, new { product_id = id, rating, comment = "Once." }, key: "submit-1");
    }

    [Fact]
    public async Task A_refusal_is_kept_for_its_key_as_well()
    {
        var product = await shop.NewProduct();
        var buyer = await shop.NewCustomer(money: 100);
        var body = new { product_id = product, rating = 3, comment = "Early." };
        (await buyer.Post("reviews", Requests.Reviews, body, key: "early")).Refuses(409, "purchase_required");
        await buyer.Buys(product);

        (await buyer.Post("reviews", Requests.Reviews, body, key: "early")).Refuses(409, "purchase_required");
        (await buyer.Post("reviews", Requests.Reviews, body, key: "later")).Must(201);
    }
}
