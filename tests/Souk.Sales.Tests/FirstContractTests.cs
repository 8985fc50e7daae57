using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Souk.Testing;

namespace Souk.Sales.Tests;

/// <summary>Sales on the first contract, word for word.</summary>
public class FirstContractTests(TestShop shop)
{
    [Fact]
    public async Task A_purchase_takes_one_unit_and_its_price()
    {
        var good = await shop.NewProduct(price: 19.99m, stock: 5);
        var jo = await shop.NewCustomer(money: 50);

        var bought = await jo.Post("sales", $"/api/v1/sales/purchase/{jo.Username}/{good}");

        (bought.Code, bought.Text).ShouldBe((200, """{"message":"Purchase successful"}"""));
        (await shop.Stock(good), await jo.Balance()).ShouldBe((4, 30.01m));
    }

    [Fact]
    public async Task Each_refusal_has_its_words()
    {
        var good = await shop.NewProduct(price: 20, stock: 1);
        var (poor, rich) = (await shop.NewCustomer(money: 19.99m), await shop.NewCustomer(money: 100));

        await Refused(poor, poor.Username, $"{good}", 400, """{"detail":"Amount not enough"}""");
        await Refused(rich, rich.Username, "999999", 400, """{"detail":"Good with ID '999999' not found"}""");
        await Refused(shop.Admin, "nobody-here", $"{good}", 400, """{"detail":"Customer 'nobody-here' not found in the database"}""");
        (await rich.Post("sales", $"/api/v1/sales/purchase/{rich.Username}/{good}")).Must(200);
        await Refused(rich, rich.Username, $"{good}", 400, """{"detail":"Stock already zero"}""");
        (await shop.Visitor.Post("sales", $"/api/v1/sales/purchase/{rich.Username}/{good}")).Must(401);
        (await poor.Post("sales", $"/api/v1/sales/purchase/{rich.Username}/{good}")).Must(403);
        var malformed = await rich.Post("sales", $"/api/v1/sales/purchase/{rich.Username}/one");
        (malformed.Code, malformed.Of("detail.0.type"), malformed.Of("detail.0.loc.1"), malformed.Of("detail.0.input")).ShouldBe((422, "int_parsing", "good_id", "one"));
    }

    [Fact]
    public async Task A_history_that_is_read_slowly_holds_no_connection_to_the_database()
    {
        var good = await shop.NewProduct(price: 1, stock: 5);
        var jo = await shop.NewCustomer(money: 10);
        (await jo.Buys(good)).Must(201);
        (await jo.Buys(good)).Must(201);
        await using var db = await shop.Parts("sales").GetRequiredService<IDbContextFactory<SalesDb>>().CreateDbContextAsync();

        foreach (var piece in new[] { 1000, 1 })
        {
            await using var history = V1.Purchases.Of(db.OrderLines.Where(l => l.ProductId == good), piece).GetAsyncEnumerator();

            (await history.MoveNextAsync()).ShouldBeTrue();
            var first = history.Current.Id;
            db.Database.GetDbConnection().State.ShouldBe(ConnectionState.Closed);
            (await history.MoveNextAsync()).ShouldBeTrue();
            history.Current.Id.ShouldBeGreaterThan(first);
            (await history.MoveNextAsync()).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task A_name_that_nothing_had_is_refused_for_good_under_its_key()
    {
        var (name, jo) = ($"Later {shop.NewName()}", await shop.NewCustomer(money: 50));
        (await Buys("early")).ShouldBe(400);
        await shop.NewProduct(price: 10, stock: 5, name: name);

        (await Buys("early"), await Buys("late")).ShouldBe((400, 200), "who was told that nothing was bought may rely on it");
        (await jo.Balance()).ShouldBe(40m);

        async Task<int> Buys(string key) => (await jo.Post("sales", $"/api/v1/sales/purchase/{jo.Username}/by-name/{Uri.EscapeDataString(name)}", key: key)).Code;
    }

    [Fact]
    public async Task A_repeated_key_buys_once()
    {
        var good = await shop.NewProduct(price: 10, stock: 5);
        var jo = await shop.NewCustomer(money: 50);

        for (var i = 0; i < 3; i++)
        {
            (await jo.Post("sales", $"/api/v1/sales/purchase/{jo.Username}/{good}", key: "v1-key")).Must(200);
        }

        (await shop.Stock(good), await jo.Balance()).ShouldBe((4, 40m));
        (await jo.Post("sales", $"/api/v1/sales/purchase/{jo.Username}/{await shop.NewProduct()}", key: "v1-key")).Must(422);
    }

    [Fact]
    public async Task A_good_can_be_bought_by_its_name()
    {
        var name = shop.NewName("Tea & Biscuits / 100%");
        var (soldOut, good) = (await shop.NewProduct(price: 1, stock: 0, name: name), await shop.NewProduct(price: 3, stock: 1, name: name));
        var jo = await shop.NewCustomer(money: 50);

        (await ByName(jo, name)).Text.ShouldBe("""{"message":"Purchase successful"}""");
        (await jo.Balance()).ShouldBe(47m, "the one of that name that can be bought");
        (await ByName(jo, name)).Text.ShouldBe("""{"detail":"Stock already zero"}""");
        (await ByName(jo, "No such thing")).Text.ShouldBe("""{"detail":"Good with name 'No such thing' not found"}""");

        static Task<Answer> ByName(Person who, string name) => who.Post("sales", $"/api/v1/sales/purchase/{who.Username}/by-name/{Uri.EscapeDataString(name)}");
    }

    [Fact]
    public async Task Purchases_are_listed_for_the_admin_and_for_their_customer()
    {
        var good = await shop.NewProduct(price: 10, stock: 5);
        var (jo, flo) = (await shop.NewCustomer(money: 50), await shop.NewCustomer());
        await jo.Post("sales", $"/api/v1/sales/purchase/{jo.Username}/{good}");

        var own = await jo.Get("sales", $"/api/v1/sales/customer/{jo.Username}");
        own.Json.GetArrayLength().ShouldBe(1);
        (own["0.good_id"].GetInt64(), own.Of("0.customer_id"), own.Of("0.amount_deducted")).ShouldBe((good, jo.Username, "10.0"));
        own["0"].EnumerateObject().Select(f => f.Name).ShouldBe(["id", "good_id", "customer_id", "amount_deducted", "time"]);

        var all = (await shop.Admin.Get("sales", "/api/v1/sales/get")).Json.EnumerateArray().ToArray();
        all.ShouldContain(p => p.GetProperty("id").GetInt64() == own["0.id"].GetInt64());
        (await flo.Get("sales", $"/api/v1/sales/customer/{flo.Username}")).Text.ShouldBe("[]");
        (await shop.Admin.Get("sales", "/api/v1/sales/customer/nobody-here")).Text.ShouldBe("""{"detail":"Customer 'nobody-here' not found in the database"}""");
        (await flo.Get("sales", $"/api/v1/sales/customer/{jo.Username}")).Must(403);
        (await flo.Get("sales", "/api/v1/sales/get")).Must(403);
    }

    [Fact]
    public async Task Goods_that_can_be_bought_are_listed_with_name_and_price()
    {
        var (name, none) = (shop.NewName("Listed"), shop.NewName("Sold out"));
        await shop.NewProduct(price: 1.50m, stock: 1, name: name);
        await shop.NewProduct(price: 1.50m, stock: 0, name: none);

        var goods = (await shop.Visitor.Get("sales", "/api/v1/sales/goods")).Json.EnumerateArray().ToArray();

        goods.Single(g => g.GetProperty("name").GetString() == name).GetRawText().ShouldBe($$"""{"name":"{{name}}","price":1.5}""");
        goods.ShouldNotContain(g => g.GetProperty("name").GetString() == none);
    }

    [Fact]
    public async Task Everything_about_one_good_is_shown()
    {
        var good = await shop.NewProduct(price: 1.50m, stock: 7, name: "Detail");

        var shown = await shop.Visitor.Get("sales", $"/api/v1/sales/goods/{good}");

        shown.Text.ShouldBe($$"""{"id":{{good}},"name":"Detail","category":"food","price":1.5,"description":"For tests.","count":7}""");
        var missing = await shop.Visitor.Get("sales", "/api/v1/sales/goods/999999");
        (missing.Code, missing.Text).ShouldBe((404, """{"detail":"Good not found"}"""));
    }

    [Fact]
    public async Task Health_counts_the_records()
    {
        var health = await shop.Visitor.Get("sales", "/health");

        health.Must(200);
        (health.Of("status"), health.Of("db_status")).ShouldBe(("OK", "connected"));
        health["records_found"].GetInt32().ShouldBeGreaterThanOrEqualTo(0);
    }

    private static async Task Refused(Person who, string username, string good, int status, string body)
    {
        var refused = await who.Post("sales", $"/api/v1/sales/purchase/{username}/{good}");
        (refused.Code, refused.Text).ShouldBe((status, body));
    }
}
