using Souk.Testing;

namespace Souk.Inventory.Tests;

public class V1GoodTests(TestShop shop)
{
    private const string BelowZero = """
        {"detail": [{"type": "greater_than_equal", "loc": ["body", "count"], "msg": "Input should be greater than or equal to 0", "input": -1, "ctx": {"ge": 0}}]}
        """;

    [Fact]
    public async Task A_good_is_added_and_read()
    {
        var name = $"Green T-Shirt {shop.NewName()}";
        (await shop.Admin.Post("inventory", "/api/v1/inventory/add", Requests.NewGood(name))).Says(200, """{"message": "Good added successfully"}""");

        var id = await Find(name);
        (await shop.Visitor.Get("inventory", $"/api/v1/inventory/{id}")).Says(200, $$"""
            {"id": {{id}}, "name": "{{name}}", "category": "clothes", "price": 19.99, "description": "A comfortable green t-shirt", "count": 100}
            """);
        (await shop.Visitor.Get("inventory", Requests.Product(id))).Of("sku").ShouldBe($"P-{id:D6}");
    }

    [Theory]
    [InlineData("20", "20.0")]
    [InlineData("20.5", "20.5")]
    [InlineData("\"20.05\"", "20.05")]
    public async Task A_price_is_a_number_with_a_decimal_point(string sent, string read)
    {
        var name = $"Priced {shop.NewName()}";
        (await shop.Admin.Post("inventory", "/api/v1/inventory/add", Requests.NewGood(name).With("price", System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(sent)))).Must(200);
        (await shop.Visitor.Get("inventory", $"/api/v1/inventory/{await Find(name)}"))["price"].GetRawText().ShouldBe(read);
    }

    [Fact]
    public async Task Only_the_fields_that_are_sent_change()
    {
        var product = await shop.NewProduct(price: 10, stock: 5, name: "Old name");

        (await Update(product, new { price = 24.99, count = 120 })).Says(200, """{"message": "Good updated successfully"}""");

        (await shop.Visitor.Get("inventory", $"/api/v1/inventory/{product}")).Says(200, $$"""
            {"id": {{product}}, "name": "Old name", "category": "food", "price": 24.99, "description": "For tests.", "count": 120}
            """);
        var counted = await shop.Admin.Get("inventory", Requests.Adjustments(product));
        (counted.Of("items.0.reason"), counted["items.0.delta"].GetInt64(), counted["items.0.by"].GetGuid()).ShouldBe(("counted", 115, shop.Admin.Id));
    }

    [Fact]
    public async Task An_update_of_nothing_or_of_nulls_or_of_strangers_succeeds_and_changes_nothing()
    {
        var product = await shop.NewProduct(stock: 5);
        var before = await shop.Visitor.Get("inventory", Requests.Product(product));

        foreach (var body in new[] { "{}", """{"name": null, "count": null}""", """{"colour": "red"}""", """{"count": 5}""" })
        {
            (await Update(product, body)).Says(200, """{"message": "Good updated successfully"}""");
        }

        (await shop.Visitor.Get("inventory", Requests.Product(product))).Text.ShouldBe(before.Text);
        (await shop.Admin.Get("inventory", Requests.Adjustments(product)))["items"].GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_good_that_is_not_there_is_not_found_in_the_words_of_the_contract()
    {
        (await shop.Visitor.Get("inventory", "/api/v1/inventory/987654321")).Says(404, """{"detail": "Good not found"}""");
        (await Update(987654321, new { count = 1 })).Says(404, """{"detail": "Good not found"}""");
        (await shop.Admin.Put("inventory", "/api/v1/inventory/deduct/987654321")).Says(404, """{"detail": "Good not found"}""");
    }

    [Fact]
    public async Task A_count_of_minus_one_is_refused_to_the_letter()
    {
        (await shop.Admin.Post("inventory", "/api/v1/inventory/add", Requests.NewGood("Negative").With("count", -1))).Says(422, BelowZero);
        (await Update(await shop.NewProduct(), new { count = -1 })).Says(422, BelowZero);
    }

    [Fact]
    public async Task Deducting_takes_one_and_at_zero_is_refused_to_the_letter()
    {
        var product = await shop.NewProduct(stock: 1);

        (await shop.Admin.Put("inventory", $"/api/v1/inventory/deduct/{product}")).Says(200, """{"message": "Stock deducted successfully"}""");
        (await shop.Admin.Put("inventory", $"/api/v1/inventory/deduct/{product}")).Says(422, BelowZero);
        (await shop.Stock(product)).ShouldBe(0);
        var deducted = await shop.Admin.Get("inventory", Requests.Adjustments(product));
        (deducted["items"].GetArrayLength(), deducted["items.0.delta"].GetInt64(), deducted.Of("items.0.reason")).ShouldBe((2, -1, "correction"));
    }

    [Fact]
    public async Task A_hundred_deducts_at_once_of_thirty_units_take_exactly_thirty()
    {
        var product = await shop.NewProduct(stock: 30);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => shop.Admin.Put("inventory", $"/api/v1/inventory/deduct/{product}")));

        answers.Count(a => a.Code == 200).ShouldBe(30);
        foreach (var refused in answers.Where(a => a.Code != 200))
        {
            refused.Says(422, BelowZero);
        }

        (await shop.Stock(product)).ShouldBe(0);
    }

    [Fact]
    public async Task A_repeated_key_adds_and_deducts_once()
    {
        var (name, key) = ($"Keyed {shop.NewName()}", shop.NewName("v1"));
        for (var i = 0; i < 3; i++)
        {
            (await shop.Admin.Post("inventory", "/api/v1/inventory/add", Requests.NewGood(name), key)).Must(200);
        }

        var id = await Find(name);
        for (var i = 0; i < 3; i++)
        {
            (await shop.Admin.Put("inventory", $"/api/v1/inventory/deduct/{id}", key: $"{key}-d")).Must(200);
        }

        (await shop.Stock(id)).ShouldBe(99);
        (await shop.Admin.Post("inventory", "/api/v1/inventory/add", Requests.NewGood("Other"), key)).Must(422);
    }

    [Fact]
    public async Task A_repeated_key_sets_the_count_once()
    {
        var product = await shop.NewProduct(price: 1, stock: 5);
        var jo = await shop.NewCustomer(money: 10);
        (await Sets(120)).Must(200);
        (await jo.Buys(product, 3)).Must(201);

        (await Sets(120)).Must(200);
        (await Sets(121)).Code.ShouldBe(422, "the key stands for the first request");
        (await shop.Stock(product)).ShouldBe(117, "what was sold in between stays sold");

        Task<Answer> Sets(int count) => shop.Admin.Put("inventory", $"/api/v1/inventory/update/{product}", new { count }, $"set-{product}");
    }

    [Fact]
    public async Task Health_speaks_as_in_the_contract()
    {
        await shop.NewProduct();
        var health = await shop.Visitor.Get("inventory", "/health");

        (health.Code, health.Of("status"), health.Of("db_status")).ShouldBe((200, "OK", "connected"));
        health["sample_item_check"].EnumerateObject().Select(f => f.Name).ShouldBe(["id", "name", "category", "price", "description", "count"]);
        (await shop.Visitor.Get("inventory", "/health/live")).Says(200, """{"status": "live"}""");
        (await shop.Visitor.Get("inventory", "/health/ready")).Says(200, """{"status": "ready"}""");
    }

    private Task<Answer> Update(long product, object body) => shop.Admin.Put("inventory", $"/api/v1/inventory/update/{product}", body);

    private async Task<long> Find(string name) => (await shop.Visitor.Looks($"q={Uri.EscapeDataString(name)}")).Ids().ShouldHaveSingleItem();
}
