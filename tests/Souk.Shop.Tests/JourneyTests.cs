using Souk.Testing;

namespace Souk.Tests;

/// <summary>What a shop is for, from registration to an approved review, on both contracts.</summary>
public class JourneyTests(TestShop shop)
{
    [Fact]
    public async Task A_customer_registers_tops_up_browses_buys_looks_back_reviews_and_a_moderator_approves()
    {
        var shirt = await shop.NewProduct(price: 19.99m, stock: 5, name: "Journey Shirt in Teal");
        var jo = await shop.NewCustomer();
        (await jo.TopsUp(100)).Must(201);

        var found = await jo.Get("inventory", "/api/v2/products?q=journey%20teal&available=true");
        found["items.0.id"].GetInt64().ShouldBe(shirt);

        var bought = await jo.Buys(shirt, 2, key: "journey-1");
        bought.Must(201);
        bought.Of("total.amount").ShouldBe("39.98");
        bought.Headers.Location!.ToString().ShouldBe($"/api/v2/orders/{bought.Of("id")}");
        (await jo.Balance()).ShouldBe(60.02m);
        (await shop.Stock(shirt)).ShouldBe(3);

        var history = await jo.Get("sales", "/api/v2/orders");
        history["items"].GetArrayLength().ShouldBe(1);
        history.Of("items.0.lines.0.product_name").ShouldBe("Journey Shirt in Teal");

        var review = await jo.Reviews(shirt, rating: 5, comment: "Wears well.");
        review.Must(201);
        review.Of("status").ShouldBe("needs_approval");
        (await shop.Visitor.Get("reviews", $"/api/v2/reviews?product_id={shirt}"))["items"].GetArrayLength().ShouldBe(0);

        var moderator = await shop.NewModerator();
        (await moderator.Put("reviews", $"/api/v2/reviews/{review.Of("id")}/moderation", new { status = "approved" })).Must(200);
        (await shop.Visitor.Get("reviews", $"/api/v2/reviews?product_id={shirt}")).Of("items.0.comment").ShouldBe("Wears well.");
        (await shop.Visitor.Get("reviews", $"/api/v2/products/{shirt}/rating"))["count"].GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task The_first_contract_goes_the_same_way_with_its_own_words()
    {
        var name = shop.NewName("johndoe");
        var registered = await shop.Visitor.Post("customers", "/api/v1/customer/auth/register", TestShop.Registration(name));
        registered.Must(201);
        registered.Of("message").ShouldBe($"Registered '{name}' successfully");
        var login = await shop.Visitor.Post("reviews", "/api/v1/reviews/auth/login", new { username = name, password = TestShop.Password });
        login.Of("message").ShouldBe("Successfully logged in");
        var john = new Person(shop, name, login.Of("data.token"));

        (await john.Put("customers", $"/api/v1/customer/wallet/{name}/charge", new { amount = 50.0 })).Of("message").ShouldBe($"Wallet for customer '{name}' charged with 50.0");
        var added = await shop.Admin.Post("inventory", "/api/v1/inventory/add", new { name = $"Hat {name}", category = "clothes", price = 19.99, description = "Warm", count = 2 });
        added.Of("message").ShouldBe("Good added successfully");
        var good = (await shop.Visitor.Get("inventory", $"/api/v2/products?q={Uri.EscapeDataString($"Hat {name}")}"))["items.0.id"].GetInt64();

        (await john.Post("sales", $"/api/v1/sales/purchase/{name}/{good}")).Of("message").ShouldBe("Purchase successful");
        (await john.Post("sales", $"/api/v1/sales/purchase/{name}/by-name/{Uri.EscapeDataString($"Hat {name}")}")).Of("message").ShouldBe("Purchase successful");
        (await john.Post("sales", $"/api/v1/sales/purchase/{name}/{good}")).Of("detail").ShouldBe("Stock already zero");
        var purchases = await john.Get("sales", $"/api/v1/sales/customer/{name}");
        purchases.Json.GetArrayLength().ShouldBe(2);
        purchases["0.amount_deducted"].GetDecimal().ShouldBe(19.99m);
        purchases.Of("0.customer_id").ShouldBe(name);

        var submitted = await john.Post("reviews", "/api/v1/reviews/submit", new { customer_id = name, item_id = good, rating = 4, comment = "Great product!" });
        submitted.Of("message").ShouldBe($"Posted {name}'s review for {good} successfully. Waiting for admin review to be completed ...");
        var moderated = await shop.Admin.Put("reviews", $"/api/v1/reviews/moderate?customer_id={name}&item_id={good}&new_flag=approved");
        moderated.Of("message").ShouldBe($"Moderate review successfully for item_id {good} and customer_id {name}. Changed it from needs_approval to approved");
        (await shop.Visitor.Get("reviews", $"/api/v1/reviews/item/{good}")).Of("data.0.flagged").ShouldBe("approved");
    }

    [Fact]
    public async Task A_cart_is_bought_in_one_sale_and_leaves_nothing_behind()
    {
        var (tea, pot) = (await shop.NewProduct(price: 4.50m), await shop.NewProduct(price: 30m, stock: 1));
        var jo = await shop.NewCustomer(money: 100);
        (await jo.Put("sales", $"/api/v2/carts/{jo.Username}/lines/{tea}", new { quantity = 2 })).Must(200);
        var cart = await jo.Put("sales", $"/api/v2/carts/{jo.Username}/lines/{pot}", new { quantity = 1 });
        cart.Of("total.amount").ShouldBe("39.00");

        var order = await jo.Post("sales", $"/api/v2/carts/{jo.Username}/checkout", new { expected_total = Person.Money(39) }, key: "cart-1");
        order.Must(201);
        (await jo.Get("sales", $"/api/v2/carts/{jo.Username}"))["lines"].GetArrayLength().ShouldBe(0);
        (await jo.Balance()).ShouldBe(61m);

        var again = await jo.Post("sales", $"/api/v2/carts/{jo.Username}/checkout", new { expected_total = Person.Money(39) }, key: "cart-1");
        again.Text.ShouldBe(order.Text);
        (await jo.Post("sales", $"/api/v2/carts/{jo.Username}/checkout", new { }, key: "cart-2")).Problem.ShouldBe("cart_empty");
    }

    [Fact]
    public async Task A_customer_who_leaves_takes_their_reviews_and_their_name_along()
    {
        var product = await shop.NewProduct();
        var jo = await shop.NewCustomer(money: 50);
        (await jo.Buys(product)).Must(201);
        var review = await jo.Reviews(product);
        (await shop.Admin.Put("reviews", $"/api/v2/reviews/{review.Of("id")}/moderation", new { status = "approved" })).Must(200);

        (await jo.Delete("customers", $"/api/v2/customers/{jo.Username}")).Must(204);

        await TestShop.Eventually(async () => (await shop.Admin.Get("reviews", $"/api/v2/reviews/{review.Of("id")}")).Code == 404, "the review goes");
        (await shop.Visitor.Get("reviews", $"/api/v2/products/{product}/rating"))["count"].GetInt32().ShouldBe(0);
        await TestShop.Eventually(async () => !(await shop.Admin.Get("sales", "/api/v1/sales/get")).Text.Contains(jo.Username, StringComparison.Ordinal), "the orders forget the name");
    }

    [Fact]
    public async Task A_price_change_and_a_deleted_product_reach_the_carts()
    {
        var product = await shop.NewProduct(price: 10);
        var jo = await shop.NewCustomer();
        (await jo.Put("sales", $"/api/v2/carts/{jo.Username}/lines/{product}", new { quantity = 3 })).Of("total.amount").ShouldBe("30.00");

        (await shop.Admin.Patch("inventory", $"/api/v2/products/{product}", new { price = Person.Money(12.50m) })).Must(200);
        await TestShop.Eventually(async () => (await jo.Get("sales", $"/api/v2/carts/{jo.Username}")).Of("total.amount") == "37.50", "the new price");

        (await shop.Admin.Delete("inventory", $"/api/v2/products/{product}")).Must(204);
        await TestShop.Eventually(async () => (await jo.Get("sales", $"/api/v2/carts/{jo.Username}"))["lines"].GetArrayLength() == 0, "the line goes");
    }
}
