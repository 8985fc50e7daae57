using Souk.Testing;

namespace Souk.Inventory.Tests;

public class AddProductTests(TestShop shop)
{
    [Fact]
    public async Task A_product_is_added_with_all_that_was_said_and_can_be_read_where_the_answer_says()
    {
        var before = shop.Clock.GetUtcNow().AddSeconds(-1);
        var added = await shop.Admin.Adds(Requests.NewProduct("Green T-Shirt", sku: "ADD-1"));

        added.Must(201);
        added.Json.EnumerateObject().Select(f => f.Name).ShouldBe(
            ["id", "sku", "name", "category", "price", "description", "available", "version", "created_at", "updated_at"]);
        (added.Of("sku"), added.Of("name"), added.Of("category"), added.Of("description")).ShouldBe(("ADD-1", "Green T-Shirt", "clothes", "A comfortable green t-shirt"));
        (added.Of("price.amount"), added.Of("price.currency")).ShouldBe(("19.99", "USD"));
        (added["available"].GetInt64(), added["version"].GetInt32()).ShouldBe((100, 1));
        added["created_at"].GetDateTimeOffset().ShouldBeInRange(before, shop.Clock.GetUtcNow());
        added.Of("created_at").ShouldEndWith("Z");
        added.Of("updated_at").ShouldBe(added.Of("created_at"));
        added.ETag.ShouldBe("\"v1\"");
        added.Headers.Location!.ToString().ShouldBe($"/api/v2/products/{added.Of("id")}");

        var read = await shop.Visitor.Get("inventory", added.Headers.Location.ToString());
        (read.Code, read.Text, read.ETag).ShouldBe((200, added.Text, added.ETag));
    }

    [Fact]
    public async Task Its_first_stock_is_an_adjustment_like_any_other()
    {
        var product = await shop.NewProduct(stock: 7);

        var first = await shop.Admin.Get("inventory", Requests.Adjustments(product));

        first["items"].GetArrayLength().ShouldBe(1);
        (first.Of("items.0.reason"), first["items.0.delta"].GetInt64(), first["items.0.available_after"].GetInt64()).ShouldBe(("initial", 7, 7));
        first["items.0.by"].GetGuid().ShouldBe(shop.Admin.Id);
    }

    [Fact]
    public async Task Without_a_sku_it_gets_one_made_of_its_number()
    {
        var added = await shop.Admin.Adds(Requests.NewProduct("No sku").Without("sku"));

        added.Of("sku").ShouldBe($"P-{added["id"].GetInt64():D6}");
    }

    [Fact]
    public async Task A_sku_that_looks_like_a_coming_number_stops_nobody()
    {
        await using var own = new TestShop();
        await own.InitializeAsync();
        var first = (await own.Admin.Adds(Requests.NewProduct("Squatter", sku: "P-000002")))["id"].GetInt64();

        var second = await own.Admin.Adds(Requests.NewProduct("Without a sku").Without("sku"));

        (first, second.Code, second["id"].GetInt64(), second.Of("sku")).ShouldBe((1, 201, 2, "P-000002-2"));
    }

    [Fact]
    public async Task A_sku_belongs_to_one_product_even_after_that_one_is_gone()
    {
        var first = await shop.Admin.Adds(Requests.NewProduct("First", sku: "ONE-1"));
        (await shop.Admin.Adds(Requests.NewProduct("Second", sku: "ONE-1"))).Refuses(409, "sku_taken");

        (await shop.Admin.Delete("inventory", Requests.Product(first["id"].GetInt64()))).Must(204);
        (await shop.Admin.Adds(Requests.NewProduct("Third", sku: "ONE-1"))).Refuses(409, "sku_taken");
    }

    [Fact]
    public async Task A_repeated_key_gets_the_first_answer_and_adds_nothing()
    {
        var wanted = Requests.NewProduct("Once upon a key", sku: "KEY-1");
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => shop.Admin.Adds(wanted, key: "add-key-1")));

        answers.ShouldAllBe(a => a.Code == 201);
        answers.Select(a => (a.Text, a.ETag, a.Headers.Location)).Distinct().Count().ShouldBe(1);
        (await shop.Visitor.Looks("q=once%20upon%20a%20key")).Ids().Length.ShouldBe(1);
        (await shop.Admin.Adds(wanted.With("stock", 101), key: "add-key-1")).Refuses(422, "idempotency_key_reused");
    }

    [Fact]
    public async Task A_refusal_is_repeated_as_well_and_keys_of_two_callers_never_meet()
    {
        (await shop.Admin.Adds(Requests.NewProduct("Taken", sku: "KEY-2"))).Must(201);
        var refused = await shop.Admin.Adds(Requests.NewProduct("Refused", sku: "KEY-2"), key: "add-key-2");
        refused.Refuses(409, "sku_taken");
        (await shop.Admin.Adds(Requests.NewProduct("Refused", sku: "KEY-2"), key: "add-key-2")).Of("detail").ShouldBe(refused.Of("detail"));

        var other = await shop.NewCustomer();
        (await shop.Admin.Put("customers", $"/api/v2/customers/{other.Username}/role", new { role = "admin" })).Must(200);
        other = await shop.SignsIn(other.Username, RunningShop.Password);
        (await other.Adds(Requests.NewProduct("Another's", sku: "KEY-3"), key: "add-key-2")).Must(201);
    }

    [Theory]
    [InlineData("with a space")]
    [InlineData("256")]
    public async Task A_key_is_1_to_255_visible_characters(string key)
    {
        key = key == "256" ? new string('k', 256) : key;
        (await shop.Admin.Adds(Requests.NewProduct("Odd key"), key: key)).RefusesField("header", "Idempotency-Key", "idempotency_key");
    }
}
