using Microsoft.Extensions.DependencyInjection;
using Souk.Platform.Holds;
using Souk.Platform.Values;
using Souk.Sales.Orders;
using Souk.Testing;

namespace Souk.Sales.Tests;

/// <summary>Carts: what is in them, what they cost now, and buying them.</summary>
public class CartTests(TestShop shop)
{
    [Fact]
    public async Task A_cart_is_filled_changed_and_emptied()
    {
        var (tea, pot) = (await shop.NewProduct(price: 4.50m, name: "Cart Tea"), await shop.NewProduct(price: 30));
        var jo = await shop.NewCustomer();
        (await Read(jo)).ShouldBe("0.00");

        (await Put(jo, tea, 2)).Of("lines.0.product_name").ShouldBe("Cart Tea");
        (await Put(jo, pot, 1)).Of("total.amount").ShouldBe("39.00");
        (await Put(jo, tea, 1)).Of("total.amount").ShouldBe("34.50");
        (await jo.Delete("sales", $"/api/v2/carts/{jo.Username}/lines/{pot}")).Must(204);
        (await jo.Delete("sales", $"/api/v2/carts/{jo.Username}/lines/{pot}")).Problem.ShouldBe("cart_line_not_found");
        (await Read(jo)).ShouldBe("4.50");
        (await shop.Stock(tea)).ShouldBe(100, "a cart holds nothing");
    }

    [Fact]
    public async Task Only_what_is_sold_goes_into_a_cart()
    {
        var jo = await shop.NewCustomer();
        (await Put(jo, 987_654_321, 1)).Problem.ShouldBe("product_not_found");
        (await Put(jo, await shop.NewProduct(), 0)).Of("errors.0.field").ShouldBe("quantity");
        (await Put(jo, await shop.NewProduct(), 1001)).Of("errors.0.code").ShouldBe("less_than_equal");
    }

    [Fact]
    public async Task A_cart_takes_a_hundred_lines()
    {
        var jo = await shop.NewCustomer();
        var products = new List<long>();
        for (var i = 0; i < 101; i++)
        {
            products.Add(await shop.NewProduct(price: 1));
        }

        foreach (var product in products.Take(100))
        {
            (await Put(jo, product, 1)).Must(200);
        }

        (await Put(jo, products[100], 1)).Problem.ShouldBe("cart_full");
        (await Put(jo, products[0], 9)).Code.ShouldBe(200, "a line that is there can still change");
    }

    [Fact]
    public async Task A_cart_that_was_changed_while_it_was_bought_is_not_emptied()
    {
        var product = await shop.NewProduct(price: 1, stock: 10);
        var jo = await shop.NewCustomer(money: 10);
        await Put(jo, product, 5);
        Order order = new()
        {
            Id = Guid.CreateVersion7(), CustomerId = jo.Id, Total = new Money(200), PlacedAt = shop.Clock.GetUtcNow().UtcDateTime,
            Lines = [new OrderLine { ProductId = product, ProductName = "as it was", Quantity = 2, UnitPrice = new Money(100), Total = new Money(200) }],
        };

        var decided = await shop.Parts("sales").GetRequiredService<Decisions>().Commit(order, "a checkout that had read two of it", emptiesCart: true);

        decided.Refused(out _, out var standing).ShouldBeFalse();
        standing!.Decision.Outcome.ShouldBe(SaleOutcome.Aborted);
        (await jo.Get("sales", $"/api/v2/carts/{jo.Username}"))["lines.0.quantity"].GetInt32().ShouldBe(5);
    }

    [Fact]
    public async Task A_checkout_that_fails_leaves_the_cart_as_it_was()
    {
        var product = await shop.NewProduct(price: 20, stock: 3);
        var jo = await shop.NewCustomer(money: 10);
        await Put(jo, product, 2);

        (await Checkout(jo, new { })).Problem.ShouldBe("insufficient_funds");
        (await Checkout(jo, new { expected_total = Person.Money(39) })).Problem.ShouldBe("price_changed");
        (await Read(jo)).ShouldBe("40.00");
        (await shop.Stock(product)).ShouldBe(3);

        await jo.TopsUp(100);
        (await Checkout(jo, new { expected_total = Person.Money(40) })).Must(201);
        (await Read(jo)).ShouldBe("0.00");
        (await Checkout(jo, new { })).Problem.ShouldBe("cart_empty");
    }

    [Fact]
    public async Task An_admin_reads_and_buys_a_customers_cart()
    {
        var product = await shop.NewProduct(price: 20);
        var jo = await shop.NewCustomer(money: 50);
        await Put(jo, product, 1);

        (await shop.Admin.Get("sales", $"/api/v2/carts/{jo.Username}")).Of("total.amount").ShouldBe("20.00");
        (await shop.Admin.Post("sales", $"/api/v2/carts/{jo.Username}/checkout", new { })).Of("username").ShouldBe(jo.Username);
        (await jo.Balance()).ShouldBe(30m);
        (await shop.Admin.Get("sales", "/api/v2/carts/nobody-here")).Problem.ShouldBe("customer_not_found");
    }

    private static Task<Answer> Put(Person who, long product, int quantity) => who.Put("sales", $"/api/v2/carts/{who.Username}/lines/{product}", new { quantity });

    private static Task<Answer> Checkout(Person who, object terms) => who.Post("sales", $"/api/v2/carts/{who.Username}/checkout", terms);

    private static async Task<string> Read(Person who) => (await who.Get("sales", $"/api/v2/carts/{who.Username}")).Of("total.amount");
}
