using Souk.Testing;

namespace Souk.Tests;

/// <summary>Never oversold, never charged twice, never lost: the promises, under concurrency.</summary>
public class SalePromiseTests(TestShop shop)
{
    [Fact]
    public async Task Three_hundred_buyers_of_a_hundred_units_buy_exactly_a_hundred()
    {
        const int Buyers = 300;
        const int Units = 100;
        var product = await shop.NewProduct(price: 7, stock: Units);
        var buyers = await shop.NewCustomers(Buyers, money: 10);

        var answers = await Task.WhenAll(buyers.Select(b => b.Buys(product)));

        answers.Count(a => a.Code == 201).ShouldBe(Units);
        answers.Count(a => a.Code == 409 && a.Problem == "out_of_stock").ShouldBe(Buyers - Units);
        (await shop.Stock(product)).ShouldBe(0);
        var balances = await Task.WhenAll(buyers.Select(b => b.Balance()));
        balances.Sum().ShouldBe((Buyers * 10m) - (Units * 7m));
        answers.Zip(balances).ShouldAllBe(x => x.Second == (x.First.Code == 201 ? 3m : 10m));
    }

    [Fact]
    public async Task One_key_fired_a_hundred_times_at_once_makes_one_order_one_debit_and_equal_answers()
    {
        var product = await shop.NewProduct(price: 7, stock: 50);
        var jo = await shop.NewCustomer(money: 100);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => jo.Buys(product, 2, key: "same-key")));

        answers.ShouldAllBe(a => a.Code == 201);
        answers.Select(a => a.Text).Distinct().Count().ShouldBe(1);
        (await jo.Balance()).ShouldBe(86m);
        (await shop.Stock(product)).ShouldBe(48);
        (await jo.Get("sales", "/api/v2/orders"))["items"].GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_key_used_for_another_order_is_refused_and_costs_nothing()
    {
        var product = await shop.NewProduct(price: 7);
        var jo = await shop.NewCustomer(money: 100);
        (await jo.Buys(product, 1, key: "k")).Must(201);

        var other = await jo.Buys(product, 2, key: "k");

        (other.Code, other.Problem).ShouldBe((422, "idempotency_key_reused"));
        (await jo.Balance()).ShouldBe(93m);
    }

    [Fact]
    public async Task A_refusal_is_as_final_as_a_sale()
    {
        var product = await shop.NewProduct(price: 7, stock: 3);
        var jo = await shop.NewCustomer(money: 5);
        (await jo.Buys(product, 1, key: "poor")).Problem.ShouldBe("insufficient_funds");
        (await shop.Stock(product)).ShouldBe(3, "what a refused sale held is back before its buyer hears of it");

        await jo.TopsUp(100);
        (await jo.Buys(product, 1, key: "poor")).Problem.ShouldBe("insufficient_funds", "the same key has the same answer");
        (await jo.Buys(product, 1, key: "rich")).Must(201);
    }

    [Fact]
    public async Task All_lines_are_bought_or_none()
    {
        var (plenty, scarce) = (await shop.NewProduct(stock: 10), await shop.NewProduct(stock: 1));
        var jo = await shop.NewCustomer(money: 1000);

        var refused = await jo.Post("sales", "/api/v2/orders", new { lines = new[] { new { product_id = plenty, quantity = 4 }, new { product_id = scarce, quantity = 2 } } });

        refused.Problem.ShouldBe("out_of_stock");
        ((await shop.Stock(plenty)), (await shop.Stock(scarce)), await jo.Balance()).ShouldBe((10, 1, 1000m));
    }

    [Fact]
    public async Task Two_lines_of_one_product_are_one_demand()
    {
        var product = await shop.NewProduct(price: 1, stock: 5);
        var jo = await shop.NewCustomer(money: 1000);

        (await Buy(3, 3)).Problem.ShouldBe("out_of_stock");
        (await Buy(2, 3))["lines.0.quantity"].GetInt32().ShouldBe(5);

        Task<Answer> Buy(int one, int other) =>
            jo.Post("sales", "/api/v2/orders", new { lines = new[] { new { product_id = product, quantity = one }, new { product_id = product, quantity = other } } });
    }

    [Fact]
    public async Task A_total_that_is_not_the_expected_one_sells_nothing()
    {
        var product = await shop.NewProduct(price: 12, stock: 2);
        var jo = await shop.NewCustomer(money: 100);

        var refused = await jo.Post("sales", "/api/v2/orders", new { lines = new[] { new { product_id = product, quantity = 1 } }, expected_total = Person.Money(11.99m) });

        refused.Problem.ShouldBe("price_changed");
        ((await shop.Stock(product)), await jo.Balance()).ShouldBe((2, 100m));
    }

    [Fact]
    public async Task A_cancelled_order_gives_money_and_stock_back_once()
    {
        var product = await shop.NewProduct(price: 12, stock: 2);
        var jo = await shop.NewCustomer(money: 100);
        var order = (await jo.Buys(product, 2)).Of("id");

        var cancelled = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => jo.Post("sales", $"/api/v2/orders/{order}/cancellation")));

        cancelled.ShouldAllBe(a => a.Code == 200 && a.Of("status") == "cancelled");
        ((await shop.Stock(product)), await jo.Balance()).ShouldBe((2, 100m));
        (await jo.Get("sales", $"/api/v1/sales/customer/{jo.Username}")).Json.GetArrayLength().ShouldBe(0);
    }
}
