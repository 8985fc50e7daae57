using Souk.Testing;

namespace Souk.Sales.Tests;

/// <summary>Placing, reading and cancelling orders on the second contract.</summary>
public class OrderTests(TestShop shop)
{
    [Fact]
    public async Task An_order_shows_what_was_bought_at_the_price_it_was_bought()
    {
        var (shirt, hat) = (await shop.NewProduct(price: 19.99m, name: "Order Shirt"), await shop.NewProduct(price: 5, name: "Order Hat"));
        var jo = await shop.NewCustomer(money: 100);

        var order = await jo.Post("sales", "/api/v2/orders", new
        {
            lines = new[] { new { product_id = shirt, quantity = 2 }, new { product_id = hat, quantity = 1 } },
            expected_total = Person.Money(44.98m),
        });

        order.Must(201);
        order.Of("username").ShouldBe(jo.Username);
        order.Of("status").ShouldBe("confirmed");
        (order.Of("total.amount"), order.Of("total.currency")).ShouldBe(("44.98", "USD"));
        order.Of("lines.0.product_name").ShouldBe("Order Shirt");
        (order.Of("lines.0.unit_price.amount"), order.Of("lines.0.total.amount"), order["lines.0.quantity"].GetInt32()).ShouldBe(("19.99", "39.98", 2));
        order["placed_at"].GetDateTime().ShouldBe(shop.Clock.GetUtcNow().UtcDateTime, TimeSpan.FromMinutes(1));
        order.Headers.Location!.ToString().ShouldBe($"/api/v2/orders/{order.Of("id")}");

        await shop.Admin.Patch("inventory", $"/api/v2/products/{shirt}", new { price = Person.Money(99), name = "Another name" });
        (await jo.Get("sales", $"/api/v2/orders/{order.Of("id")}")).Text.ShouldBe(order.Text, "a later price is no concern of an order");
    }

    [Fact]
    public async Task A_key_is_the_callers_also_when_staff_buys_for_a_customer()
    {
        var product = await shop.NewProduct(price: 1, stock: 10);
        var jo = await shop.NewCustomer(money: 10);
        var (own, staff) = (await jo.Buys(product, key: "1001"), await Staff());

        (own.Code, staff.Code).ShouldBe((201, 201));
        staff.Of("username").ShouldBe(jo.Username);
        staff.Of("id").ShouldNotBe(own.Of("id"), "the customer's key is another one");
        (await Staff()).Text.ShouldBe(staff.Text);
        (await shop.Stock(product)).ShouldBe(8);

        Task<Answer> Staff() => shop.Admin.Post("sales", "/api/v2/orders", new { lines = new[] { new { product_id = product, quantity = 1 } }, username = jo.Username }, "1001");
    }

    [Fact]
    public async Task Without_a_key_each_request_is_an_order_of_its_own()
    {
        var product = await shop.NewProduct(price: 1, stock: 10);
        var jo = await shop.NewCustomer(money: 10);

        var (one, two) = (await jo.Buys(product), await jo.Buys(product));

        one.Of("id").ShouldNotBe(two.Of("id"));
        (await shop.Stock(product)).ShouldBe(8);
    }

    [Fact]
    public async Task Keys_of_two_customers_never_meet()
    {
        var product = await shop.NewProduct(price: 1, stock: 10);
        var (jo, flo) = (await shop.NewCustomer(money: 10), await shop.NewCustomer(money: 10));

        var (one, two) = (await jo.Buys(product, 1, key: "shared"), await flo.Buys(product, 2, key: "shared"));

        (one.Code, two.Code).ShouldBe((201, 201));
        one.Of("id").ShouldNotBe(two.Of("id"));
    }

    [Theory]
    [InlineData("""{}""", "lines", "missing")]
    [InlineData("""{"lines":[]}""", "lines", "too_short")]
    [InlineData("""{"lines":"all"}""", "lines", "list_type")]
    [InlineData("""{"lines":[{"product_id":1}]}""", "lines[0].quantity", "missing")]
    [InlineData("""{"lines":[{"product_id":1,"quantity":0}]}""", "lines[0].quantity", "greater_than_equal")]
    [InlineData("""{"lines":[{"product_id":1,"quantity":1001}]}""", "lines[0].quantity", "less_than_equal")]
    [InlineData("""{"lines":[{"product_id":1,"quantity":1.5}]}""", "lines[0].quantity", "int_from_float")]
    [InlineData("""{"lines":[{"product_id":1,"quantity":"2"}]}""", "lines[0].quantity", "int_type")]
    [InlineData("""{"lines":[{"product_id":1,"quantity":1e400}]}""", "lines[0].quantity", "int_from_float")]
    [InlineData("""{"lines":[{"product_id":-1,"quantity":1}]}""", "lines[0].product_id", "greater_than_equal")]
    [InlineData("""{"lines":[{"product_id":1,"quantity":1,"price":0.01}]}""", "lines[0].price", "extra_forbidden")]
    [InlineData("""{"lines":[{"product_id":1,"quantity":1}],"total":0}""", "total", "extra_forbidden")]
    [InlineData("""{"lines":[{"product_id":1,"quantity":1}],"expected_total":5}""", "expected_total", "money_type")]
    [InlineData("""{"lines":[{"product_id":1,"quantity":1}],"expected_total":{"amount":"1.999","currency":"USD"}}""", "expected_total.amount", "decimal_max_places")]
    [InlineData("""{"lines":[{"product_id":1,"quantity":1}],"expected_total":{"amount":"-1","currency":"USD"}}""", "expected_total.amount", "greater_than_equal")]
    [InlineData("""{"lines":[{"product_id":1,"quantity":1}],"expected_total":{"amount":"NaN","currency":"USD"}}""", "expected_total.amount", "decimal_parsing")]
    [InlineData("""{"lines":[{"product_id":1,"quantity":1}],"expected_total":{"amount":"1","currency":"EUR"}}""", "expected_total.currency", "literal_error")]
    [InlineData("""{"lines":[{"product_id":1,"quantity":1}],"expected_total":{"amount":"1"}}""", "expected_total.currency", "missing")]
    [InlineData("""[]""", "body", "model_attributes_type")]
    public async Task A_wrong_field_is_named(string body, string field, string code)
    {
        var refused = await (await shop.NewCustomer()).Post("sales", "/api/v2/orders", body);

        (refused.Code, refused.Problem, refused.ContentType).ShouldBe((422, "validation_failed", "application/problem+json"));
        refused["errors"].EnumerateArray().Select(e => (e.GetProperty("field").GetString(), e.GetProperty("code").GetString())).ShouldContain((field, code));
    }

    [Fact]
    public async Task All_wrong_fields_are_named_at_once()
    {
        var refused = await (await shop.NewCustomer()).Post("sales", "/api/v2/orders", """{"lines":[{"quantity":0},{"product_id":"x","quantity":1}],"coupon":"FREE"}""");

        refused["errors"].EnumerateArray().Select(e => e.GetProperty("field").GetString()).ShouldBe(["lines[0].product_id", "lines[0].quantity", "lines[1].product_id", "coupon"]);
    }

    [Fact]
    public async Task An_order_has_at_most_a_hundred_lines()
    {
        var jo = await shop.NewCustomer(money: 200);
        var product = await shop.NewProduct(price: 1, stock: 200);
        (await Buy(101))["errors.0.code"].GetString().ShouldBe("too_long");
        (await Buy(100)).Must(201);

        Task<Answer> Buy(int lines) => jo.Post("sales", "/api/v2/orders", new { lines = Enumerable.Repeat(new { product_id = product, quantity = 1 }, lines) });
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("ümlaut")]
    public async Task A_key_is_visible_ASCII(string key)
    {
        var jo = await shop.NewCustomer();
        using var content = new StringContent("""{"lines":[{"product_id":1,"quantity":1}]}""", System.Text.Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v2/orders") { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {jo.Token}");
        request.Headers.TryAddWithoutValidation("Idempotency-Key", System.Text.Encoding.Latin1.GetString(System.Text.Encoding.UTF8.GetBytes(key)));

        using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.Latin1 };
        using var http = new HttpClient(handler) { BaseAddress = shop.Http("sales").BaseAddress };
        var answer = await Answer.Read(await http.SendAsync(request));

        answer.Code.ShouldBeOneOf(400, 422);
    }

    [Fact]
    public async Task A_product_that_does_not_exist_or_is_gone_is_not_sold()
    {
        var jo = await shop.NewCustomer(money: 100);
        var gone = await shop.NewProduct();
        await shop.Admin.Delete("inventory", $"/api/v2/products/{gone}");

        foreach (var product in new[] { gone, 987_654_321 })
        {
            var refused = await jo.Buys(product);
            (refused.Code, refused.Problem).ShouldBe((404, "product_not_found"));
        }

        (await jo.Balance()).ShouldBe(100m);
    }

    [Fact]
    public async Task History_is_paged_newest_first_without_gap_or_repetition()
    {
        var product = await shop.NewProduct(price: 1, stock: 50);
        var jo = await shop.NewCustomer(money: 50);
        var placed = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            placed.Insert(0, (await jo.Buys(product)).Of("id"));
        }

        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = await jo.Get("sales", $"/api/v2/orders?limit=3{(after is null ? "" : $"&after={after}")}");
            seen.AddRange(page["items"].EnumerateArray().Select(o => o.GetProperty("id").GetString()!));
            after = page["next"].GetString();
        }
        while (after is not null);

        seen.ShouldBe(placed);
    }

    [Fact]
    public async Task History_can_be_narrowed_by_status_and_by_customer_for_those_who_may()
    {
        var product = await shop.NewProduct(price: 1);
        var jo = await shop.NewCustomer(money: 50);
        var (kept, cancelled) = ((await jo.Buys(product)).Of("id"), (await jo.Buys(product)).Of("id"));
        await jo.Post("sales", $"/api/v2/orders/{cancelled}/cancellation");

        (await Ids(jo, "?status=cancelled")).ShouldBe([cancelled]);
        (await Ids(jo, "?status=confirmed")).ShouldBe([kept]);
        (await Ids(shop.Admin, $"?username={jo.Username}")).ShouldBe([cancelled, kept]);
        (await Ids(shop.Admin, "?limit=100")).ShouldContain(kept);
        (await jo.Get("sales", "/api/v2/orders?username=admin")).Problem.ShouldBe("forbidden");
        (await shop.Admin.Get("sales", "/api/v2/orders?username=nobody-here")).Problem.ShouldBe("customer_not_found");
        (await jo.Get("sales", "/api/v2/orders?after=garbage")).Of("errors.0.code").ShouldBe("cursor");
        (await jo.Get("sales", "/api/v2/orders?limit=101")).Of("errors.0.code").ShouldBe("less_than_equal");

        static async Task<string[]> Ids(Person who, string query) =>
            [.. (await who.Get("sales", $"/api/v2/orders{query}"))["items"].EnumerateArray().Select(o => o.GetProperty("id").GetString()!)];
    }

    [Fact]
    public async Task The_admin_buys_for_a_customer_and_nobody_else_does()
    {
        var product = await shop.NewProduct(price: 10);
        var (jo, flo) = (await shop.NewCustomer(money: 50), await shop.NewCustomer(money: 50));
        var order = new { lines = new[] { new { product_id = product, quantity = 1 } }, username = jo.Username };

        (await flo.Post("sales", "/api/v2/orders", order)).Problem.ShouldBe("forbidden");
        (await shop.Admin.Post("sales", "/api/v2/orders", order)).Of("username").ShouldBe(jo.Username);
        (await jo.Balance(), await flo.Balance()).ShouldBe((40m, 50m));
        (await shop.Admin.Post("sales", "/api/v2/orders", new { order.lines, username = "nobody-here" })).Problem.ShouldBe("customer_not_found");
    }

    [Fact]
    public async Task A_cancellation_is_shown_and_a_repeated_one_changes_nothing()
    {
        var product = await shop.NewProduct(price: 10, stock: 5);
        var jo = await shop.NewCustomer(money: 50);
        var order = (await jo.Buys(product, 2)).Of("id");

        var cancelled = await jo.Post("sales", $"/api/v2/orders/{order}/cancellation", key: "c1");
        cancelled.Of("status").ShouldBe("cancelled");
        cancelled["cancelled_at"].GetDateTime().ShouldBe(shop.Clock.GetUtcNow().UtcDateTime, TimeSpan.FromMinutes(1));
        (await jo.Post("sales", $"/api/v2/orders/{order}/cancellation", key: "c1")).Text.ShouldBe(cancelled.Text);
        (await jo.Post("sales", $"/api/v2/orders/{order}/cancellation", key: "c2")).Text.ShouldBe(cancelled.Text);
        (await jo.Balance(), await shop.Stock(product)).ShouldBe((50m, 5));

        var entries = await jo.Get("customers", $"/api/v2/customers/{jo.Username}/wallet/entries");
        entries["items"].EnumerateArray().Select(e => e.GetProperty("kind").GetString()).ShouldBe(["refund", "purchase", "top_up"]);
        entries["items"].EnumerateArray().Take(2).ShouldAllBe(e => e.GetProperty("order_id").GetString() == order);
    }

    [Theory]
    [InlineData("/api/v2/orders", "not json", "application/json", 400, "malformed_json")]
    [InlineData("/api/v2/orders", """{"lines":[],"lines":[]}""", "application/json", 400, "malformed_json")]
    [InlineData("/api/v2/orders", "lines=1", "application/x-www-form-urlencoded", 415, "unsupported_media_type")]
    public async Task A_body_that_is_not_JSON_is_refused(string path, string body, string type, int status, string code)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, type);
        var refused = await (await shop.NewCustomer()).Send(HttpMethod.Post, "sales", path, content);

        (refused.Code, refused.Problem).ShouldBe((status, code));
    }

    [Fact]
    public async Task Bodies_that_are_too_large_or_too_deep_are_refused()
    {
        var jo = await shop.NewCustomer();

        (await jo.Post("sales", "/api/v2/orders", $$"""{"lines":"{{new string('x', 70_000)}}"}""")).Problem.ShouldBe("body_too_large");
        (await jo.Post("sales", "/api/v2/orders", new string('[', 40) + new string(']', 40))).Problem.ShouldBe("malformed_json");
    }

    [Fact]
    public async Task Paths_and_methods_that_are_not_served_say_so()
    {
        var missing = await shop.Visitor.Get("sales", "/api/v2/nothing");
        (missing.Code, missing.Problem, missing.ContentType).ShouldBe((404, "not_found", "application/problem+json"));
        (await shop.Visitor.Get("sales", "/api/v1/nothing")).Text.ShouldBe("""{"detail":"Not Found"}""");
        (await shop.Admin.Delete("sales", "/api/v2/orders")).Problem.ShouldBe("method_not_allowed");
        (await shop.Visitor.Send(HttpMethod.Patch, "sales", "/api/v1/sales/goods")).Text.ShouldBe("""{"detail":"Method Not Allowed"}""");
        (await shop.Admin.Get("sales", "/api/v2/orders/not-an-id")).Of("errors.0.code").ShouldBe("uuid_parsing");
    }
}
