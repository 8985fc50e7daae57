using Souk.Testing;

namespace Souk.Inventory.Tests;

public class ChangeProductTests(TestShop shop)
{
    [Fact]
    public async Task Only_what_is_sent_changes_and_the_version_counts_up()
    {
        var product = await shop.NewProduct(price: 10, stock: 5, name: "Before");
        var before = await shop.Visitor.Get("inventory", Requests.Product(product));

        var changed = await shop.Admin.Patch("inventory", Requests.Product(product), new { price = Person.Money(24.99m) });

        (changed.Code, changed.ETag, changed["version"].GetInt32()).ShouldBe((200, "\"v2\"", 2));
        (changed.Of("price.amount"), changed.Of("name"), changed.Of("sku"), changed["available"].GetInt64()).ShouldBe(("24.99", "Before", before.Of("sku"), 5));
        changed.Of("created_at").ShouldBe(before.Of("created_at"));
        (await shop.Visitor.Get("inventory", Requests.Product(product))).Text.ShouldBe(changed.Text);
    }

    [Fact]
    public async Task Every_field_can_change_at_once()
    {
        var product = await shop.NewProduct();
        var changed = await shop.Admin.Patch("inventory", Requests.Product(product), new { sku = $"NEW-{product}", name = "After", category = "electronics", price = Person.Money(1), description = "Two\nlines." });

        (changed.Of("sku"), changed.Of("name"), changed.Of("category"), changed.Of("price.amount"), changed.Of("description"))
            .ShouldBe(($"NEW-{product}", "After", "electronics", "1.00", "Two\nlines."));
    }

    [Fact]
    public async Task A_change_of_nothing_changes_nothing()
    {
        var product = await shop.NewProduct();
        (await shop.Admin.Patch("inventory", Requests.Product(product), new { })).ETag.ShouldBe("\"v1\"");
    }

    [Fact]
    public async Task An_edit_names_the_version_that_it_edits()
    {
        var product = await shop.NewProduct();
        (await Patch(null, "Nobody")).Refuses(428, "precondition_required");
        (await Patch("\"v2\"", "Too soon")).Refuses(412, "precondition_failed");
        (await Patch("\"v1\"", "First")).Must(200);
        (await Patch("\"v1\"", "Outdated")).Refuses(412, "precondition_failed");
        (await Patch("W/\"v2\"", "Weak")).Refuses(412, "precondition_failed");
        (await Patch("*", "Whatever stands there")).ETag.ShouldBe("\"v3\"");
        (await shop.Visitor.Get("inventory", Requests.Product(product))).Of("name").ShouldBe("Whatever stands there");

        Task<Answer> Patch(string? ifMatch, string name) => shop.Admin.Send(HttpMethod.Patch, "inventory", Requests.Product(product), new { name }, ifMatch: ifMatch);
    }

    [Fact]
    public async Task Of_two_edits_of_one_version_one_wins()
    {
        var product = await shop.NewProduct();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            shop.Admin.Send(HttpMethod.Patch, "inventory", Requests.Product(product), new { name = $"Edit {i}" }, ifMatch: "\"v1\"")));

        answers.Count(a => a.Code == 200).ShouldBe(1);
        answers.Count(a => a.Code == 412).ShouldBe(19);
        (await shop.Visitor.Get("inventory", Requests.Product(product))).Text.ShouldBe(answers.Single(a => a.Code == 200).Text);
    }

    [Fact]
    public async Task Stock_leaves_the_version_alone()
    {
        var product = await shop.NewProduct();
        await shop.Admin.Adjusts(product, 5);
        (await shop.Visitor.Get("inventory", Requests.Product(product))).ETag.ShouldBe("\"v1\"");
    }

    [Fact]
    public async Task A_sku_can_move_but_never_to_where_one_is()
    {
        var (one, two) = (await shop.NewProduct(), await shop.NewProduct());
        var taken = (await shop.Visitor.Get("inventory", Requests.Product(one))).Of("sku");

        (await shop.Admin.Patch("inventory", Requests.Product(two), new { sku = taken })).Refuses(409, "sku_taken");
        (await shop.Admin.Patch("inventory", Requests.Product(one), new { sku = taken })).Must(200);
    }

    [Fact]
    public async Task A_deleted_product_is_nowhere()
    {
        var product = await shop.NewProduct(stock: 5, name: $"Vanishing {shop.NewName()}");
        var name = (await shop.Visitor.Get("inventory", Requests.Product(product))).Of("name");
        var buyer = await shop.NewCustomer(money: 100);
        (await buyer.Buys(product)).Must(201);

        (await shop.Admin.Delete("inventory", Requests.Product(product))).Must(204);

        (await shop.Admin.Get("inventory", Requests.Product(product))).Refuses(404, "product_not_found");
        (await shop.Admin.Looks($"q={name}")).Ids().ShouldBeEmpty();
        (await shop.Admin.Looks("limit=100")).Ids().ShouldNotContain(product);
        (await shop.Admin.Send(HttpMethod.Patch, "inventory", Requests.Product(product), new { name = "Back" }, ifMatch: "*")).Refuses(404, "product_not_found");
        (await shop.Admin.Adjusts(product, 1)).Refuses(404, "product_not_found");
        (await shop.Admin.Delete("inventory", Requests.Product(product))).Refuses(404, "product_not_found");
        (await shop.Visitor.Get("inventory", $"/api/v1/inventory/{product}")).Says(404, """{"detail": "Good not found"}""");
        (await shop.Admin.Put("inventory", $"/api/v1/inventory/update/{product}", new { count = 1 })).Says(404, """{"detail": "Good not found"}""");
        (await shop.Admin.Put("inventory", $"/api/v1/inventory/deduct/{product}")).Says(404, """{"detail": "Good not found"}""");
        (await buyer.Buys(product)).Refuses(404, "product_not_found");
        (await buyer.Post("sales", $"/api/v1/sales/purchase/{buyer.Username}/by-name/{Uri.EscapeDataString(name)}")).Must(400);
        (await buyer.Get("sales", $"/api/v1/sales/goods/{product}")).Must(404);

        // What happened to its stock stays on record.
        (await shop.Admin.Get("inventory", Requests.Adjustments(product)))["items"].GetArrayLength().ShouldBe(1);
        (await buyer.Get("sales", "/api/v2/orders")).Of("items.0.lines.0.product_name").ShouldBe(name);
    }
}
