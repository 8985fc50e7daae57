using Souk.Contracts;
using Souk.Sales.Orders;
using Souk.Testing;

namespace Souk.Sales.Tests;

/// <summary>The id that a sale gets from its caller and key.</summary>
public class SaleIdTests(TestShop shop)
{
    private const int TimeDigits = 12;

    private static readonly Guid Jo = Guid.Parse("01993e2a-0000-7000-8000-000000000001");
    private static readonly Guid Flo = Guid.Parse("01993e2a-0000-7000-8000-000000000002");

    [Theory]
    [InlineData("019d2b6c-1c00-7abc-8def-0123456789ab")]
    [InlineData("f47ac10b-58cc-4372-a567-0e02b2c3d479")]
    [InlineData("order-1")]
    public void It_is_the_same_for_the_same_customer_and_key_alone(string key)
    {
        Wanted.SaleIdOf(Jo, key).ShouldBe(Wanted.SaleIdOf(Jo, key));
        Wanted.SaleIdOf(Flo, key).ShouldNotBe(Wanted.SaleIdOf(Jo, key));
        Wanted.SaleIdOf(Jo, key + "0").ShouldNotBe(Wanted.SaleIdOf(Jo, key));
    }

    [Fact]
    public void Sales_whose_keys_tell_the_time_sort_by_it()
    {
        var start = new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);
        var keys = Enumerable.Range(0, 1000).Select(i => Guid.CreateVersion7(start.AddMilliseconds(i))).ToArray();

        var ids = Array.ConvertAll(keys, key => Digits(Wanted.SaleIdOf(Jo, key.ToString())));

        ids.ShouldBe(ids.Order(StringComparer.Ordinal));
        ids.Select(id => id[..TimeDigits]).ShouldBe(keys.Select(key => Digits(key)[..TimeDigits]));
    }

    [Fact]
    public void Nothing_else_of_a_key_shows_in_it()
    {
        const string Key = "019d2b6c-1c00-7abc-8def-0123456789ab", SameMoment = "019d2b6c-1c00-7abc-8def-0123456789ac";

        string[] rest = [.. new[] { (Jo, Key), (Flo, Key), (Jo, SameMoment) }.Select(sale => Digits(Wanted.SaleIdOf(sale.Item1, sale.Item2))[TimeDigits..])];

        rest.Distinct().Count().ShouldBe(rest.Length, "the time is the same, so the digest has to tell them apart");
        rest.ShouldNotContain(Digits(Guid.Parse(Key))[TimeDigits..]);
    }

    [Theory]
    [InlineData("f47ac10b-58cc-4372-a567-0e02b2c3d479", "a random one tells no time")]
    [InlineData("019d2b6c1c007abc8def0123456789ab", "without its hyphens it is not how RFC 9562 writes one")]
    [InlineData("019d2b6c-1c00-7abc-8def-0123456789ab-1", "it is more than one")]
    public void Any_other_key_is_nothing_but_a_digest(string key, string why) =>
        Digits(Wanted.SaleIdOf(Jo, key))[..4].ShouldNotBe(key[..4], why);

    [Fact]
    public void What_was_asked_for_tells_by_whom()
    {
        string Asked(Guid buyer, bool cart, string? name) =>
            new Wanted(new CustomerCard(buyer, "someone"), buyer, [new WantedLine(1, 1)], null, "key", cart, name).Fingerprint();

        foreach (var (cart, name) in new[] { (false, null), (true, null), (false, "shirt") })
        {
            Asked(Jo, cart, name).ShouldBe(Asked(Jo, cart, name));
            Asked(Jo, cart, name).ShouldNotBe(Asked(Flo, cart, name));
        }
    }

    [Fact]
    public async Task An_order_under_a_key_that_tells_the_time_is_placed_once()
    {
        var product = await shop.NewProduct(price: 1, stock: 10);
        var (jo, flo) = (await shop.NewCustomer(money: 10), await shop.NewCustomer(money: 10));
        var key = Guid.CreateVersion7().ToString();

        var (one, again, other) = (await jo.Buys(product, key: key), await jo.Buys(product, key: key), await flo.Buys(product, key: key));

        again.Of("id").ShouldBe(one.Of("id"));
        other.Of("id").ShouldNotBe(one.Of("id"));
        one.Of("id")[..13].ShouldBe(key[..13]);
        (await shop.Stock(product)).ShouldBe(8);
        (await jo.Buys(product, 2, key: key)).Refuses(422, "idempotency_key_reused");
    }

    private static string Digits(Guid id) => id.ToString("N");
}
