using Souk.Testing;

namespace Souk.Tests;

/// <summary>Two instances of every service on one set of databases: it does not matter which of them one speaks to.</summary>
public sealed class InstancesTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();
    private TestShop? _twin;

    private TestShop Twin => _twin!;

    public async ValueTask InitializeAsync()
    {
        await _shop.InitializeAsync();
        _twin = await _shop.Twin();
    }

    public async ValueTask DisposeAsync()
    {
        await Twin.DisposeAsync();
        await _shop.DisposeAsync();
    }

    [Fact]
    public async Task Both_sell_the_last_units_once()
    {
        var product = await _shop.NewProduct(price: 5, stock: 40);
        var buyers = await _shop.NewCustomers(6, money: 100);
        var tills = buyers.SelectMany(b => new[] { b, At(Twin, b) }).ToArray();

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => tills[i % tills.Length].Buys(product)));

        answers.Count(a => a.Code == 201).ShouldBe(40);
        answers.Where(a => a.Code != 201).ShouldAllBe(a => a.Problem == "out_of_stock");
        (await Twin.Stock(product)).ShouldBe(0);
        await TestShop.Eventually(async () => (await Task.WhenAll(buyers.Select(b => b.Balance()))).Sum() == 400m, "what the refused sales had taken comes back");
        (await _shop.Storage.Number("customers", "SELECT sum(amount) FROM ledger_entries")).ShouldBe(0);
        (await _shop.Storage.Number("sales", "SELECT sum(total) FROM orders")).ShouldBe(20_000);

        _shop.Clock.Advance(TimeSpan.FromSeconds(31));
        await TestShop.Eventually(
            async () => await _shop.Storage.Number("inventory", "SELECT count(*) FROM stock_holds WHERE state = 'Held'") == 0
                && await _shop.Storage.Number("customers", "SELECT count(*) FROM money_holds WHERE state = 'Held'") == 0,
            "both sweep, and every hold is settled");
        (await _shop.Stock(product)).ShouldBe(0);
    }

    [Fact]
    public async Task One_key_at_both_is_one_order()
    {
        var product = await _shop.NewProduct(price: 5, stock: 10);
        var jo = await _shop.NewCustomer(money: 100);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => At(i % 2 == 0 ? _shop : Twin, jo).Buys(product, key: "once")));

        answers.Select(a => a.Text).Distinct().Count().ShouldBe(1);
        (await Twin.Stock(product), await jo.Balance()).ShouldBe((9, 95m));
    }

    [Fact]
    public async Task One_key_at_both_gets_the_last_unit_and_the_last_cent()
    {
        var buyers = await _shop.NewCustomers(40, money: 5);
        await Parallel.ForEachAsync(buyers, async (jo, _) =>
        {
            var product = await _shop.NewProduct(price: 5, stock: 1);

            var answers = await Task.WhenAll(new[] { _shop, Twin, _shop, Twin }.Select(shop => At(shop, jo).Buys(product, key: "once")));

            answers.Select(a => (a.Code, a.Text)).Distinct().ShouldHaveSingleItem().Code.ShouldBe(201, "the stock and the money that were missing had been taken for this very sale");
        });
    }

    [Fact]
    public async Task One_version_is_edited_once()
    {
        var product = $"/api/v2/products/{await _shop.NewProduct()}";
        for (var round = 0; round < 10; round++)
        {
            var seen = (await _shop.Admin.Get("inventory", product)).ETag;
            var answers = await Task.WhenAll(new[] { _shop, Twin, _shop, Twin }.Select((shop, i) =>
                shop.Admin.Send(HttpMethod.Patch, "inventory", product, new { name = $"Edit {round} {i}" }, ifMatch: seen)));

            answers.Select(a => a.Code).Order().ShouldBe([200, 412, 412, 412]);
        }
    }

    [Fact]
    public async Task One_name_is_registered_once()
    {
        for (var round = 0; round < 5; round++)
        {
            var name = _shop.NewName();
            var answers = await Task.WhenAll(new[] { _shop, Twin, _shop, Twin }.Select(shop => shop.Visitor.Post("customers", "/api/v2/customers", TestShop.Registration(name))));

            answers.Select(a => a.Code).Order().ShouldBe([201, 409, 409, 409]);
        }
    }

    [Fact]
    public async Task What_happens_at_one_is_known_at_the_other()
    {
        var product = await _shop.NewProduct(price: 5, stock: 10, name: "Old name");
        var jo = await _shop.NewCustomer(money: 100);
        var line = $"/api/v2/carts/{jo.Username}/lines/{product}";
        (await jo.Put("sales", line, new { quantity = 1 })).Text.ShouldContain("Old name");
        (await At(Twin, jo).Put("sales", line, new { quantity = 2 })).Text.ShouldContain("Old name");

        (await Twin.Admin.Patch("inventory", $"/api/v2/products/{product}", new { name = "New name" })).Must(200);

        _shop.Clock.Advance(TimeSpan.FromSeconds(1));
        (await Cart(_shop, jo, "New name"), await Cart(Twin, jo, "New name")).ShouldBe((true, true), "a second later, whoever got the event");
    }

    [Fact]
    public async Task A_change_is_seen_at_once_where_it_was_made_and_a_second_later_at_the_other()
    {
        var id = await _shop.NewProduct(price: 5, stock: 10);
        var product = $"/api/v2/products/{id}";
        var jo = await _shop.NewCustomer(money: 100);
        foreach (var shop in new[] { _shop, Twin })
        {
            (await shop.Visitor.Get("inventory", product)).Of("price.amount").ShouldBe("5.00");
            (await shop.Visitor.Get("inventory", "/api/v2/products")).Text.ShouldContain("5.00");
        }

        (await Twin.Admin.Patch("inventory", product, new { price = Person.Money(6) })).Must(200);
        (await At(Twin, jo).Buys(id, 4)).Must(201);

        (await Twin.Visitor.Get("inventory", product)).Of("price.amount").ShouldBe("6.00");
        _shop.Clock.Advance(TimeSpan.FromSeconds(1));
        var (one, page) = (await _shop.Visitor.Get("inventory", product), await _shop.Visitor.Get("inventory", "/api/v2/products"));
        (one.Of("price.amount"), await _shop.Stock(id), await Twin.Stock(id)).ShouldBe(("6.00", 6, 6));
        (page.Of("items.0.price.amount"), page.Of("items.0.available")).ShouldBe(("6.00", "6"));
    }

    [Fact]
    public async Task What_one_sells_is_forgotten_by_the_other()
    {
        var id = await _shop.NewProduct(price: 5, stock: 10);
        var jo = await _shop.NewCustomer(money: 100);
        (await _shop.Visitor.Get("inventory", $"/api/v2/products/{id}")).Of("available").ShouldBe("10");

        (await At(Twin, jo).Buys(id, 4)).Must(201);

        await TestShop.Eventually(async () => (await _shop.Visitor.Get("inventory", $"/api/v2/products/{id}")).Of("available") == "6", "the other shows what is left");
    }

    [Fact]
    public async Task A_cancelled_order_comes_back_once_although_both_deliver_it()
    {
        var product = await _shop.NewProduct(price: 5, stock: 20);
        var jo = await _shop.NewCustomer(money: 100);
        for (var round = 0; round < 5; round++)
        {
            var order = (await jo.Buys(product)).Must(201).Of("id");
            var answers = await Task.WhenAll(new[] { _shop, Twin }.Select(shop => At(shop, jo).Post("sales", $"/api/v2/orders/{order}/cancellation", key: $"cancel-{round}")));
            answers.ShouldAllBe(a => a.Code == 200 || a.Code == 201);
        }

        await TestShop.Eventually(async () => await _shop.Stock(product) == 20 && await jo.Balance() == 100m, "stock and money come back");
        (await _shop.Storage.Number("customers", "SELECT count(*) FROM ledger_entries WHERE account = 'Wallet' AND kind = 'Refund'")).ShouldBe(5);
    }

    [Fact]
    public async Task A_customer_who_left_is_forgotten_by_all()
    {
        var product = await _shop.NewProduct(price: 5);
        var jo = await _shop.NewCustomer(money: 100);
        (await jo.Buys(product)).Must(201);

        (await At(Twin, jo).Delete("customers", $"/api/v2/customers/{jo.Username}")).Must(204);

        await TestShop.Eventually(async () => await _shop.Storage.Number("sales", "SELECT count(*) FROM orders WHERE username IS NULL") == 1, "the name goes");
        (await _shop.Storage.Number("customers", "SELECT count(*) FROM wallets WHERE closed AND balance = 0")).ShouldBe(1);
        (await jo.Get("customers", $"/api/v2/customers/{jo.Username}")).Must(401);
        (await _shop.Admin.Get("customers", $"/api/v2/customers/{jo.Username}")).Must(404);
    }

    /// <summary>The same person, with the same token, at another instance.</summary>
    private static Person At(TestShop shop, Person person) => new(shop, person.Username, person.Token);

    private static async Task<bool> Cart(TestShop shop, Person person, string name) =>
        (await At(shop, person).Get("sales", $"/api/v2/carts/{person.Username}")).Text.Contains(name, StringComparison.Ordinal);
}
