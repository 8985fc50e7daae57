using System.Text.Json;
using Souk.Testing;

namespace Souk.Customers.Tests.Wallets;

/// <summary>Reading a wallet and its entries in the second contract.</summary>
public class WalletTests(TestShop shop)
{
    [Fact]
    public async Task A_wallet_shows_whose_it_is_and_what_is_in_it()
    {
        var jo = await shop.NewCustomer(money: 19.99m);

        var wallet = await jo.Reads(jo.Path("/wallet"));

        wallet.Must(200);
        wallet.Json.Names().ShouldBe(["username", "balance", "updated_at"]);
        (wallet.Of("username"), wallet.Of("balance")).ShouldBe((jo.Username, """{"amount":"19.99","currency":"USD"}"""));
        wallet["updated_at"].GetDateTime().Kind.ShouldBe(DateTimeKind.Utc);
    }

    [Fact]
    public async Task Entries_tell_the_whole_story_newest_first_and_sum_up_to_the_balance()
    {
        var product = await shop.NewProduct(price: 7.50m);
        var jo = await shop.NewCustomer(money: 100);
        var order = (await jo.Buys(product, 2)).Of("id");
        (await jo.Post("sales", $"/api/v2/orders/{order}/cancellation")).Must(200);
        await TestShop.Eventually(async () => await jo.Balance() == 100m, "the refund");
        (await jo.Post("customers", jo.Path("/wallet/withdrawals"), new { amount = Person.Money(30) })).Must(201);
        (await shop.Admin.Put("customers", $"/api/v1/customer/wallet/{jo.Username}/deduct", new { amount = 20 })).Must(200);

        var entries = (await jo.Reads(jo.Path("/wallet/entries")))["items"].EnumerateArray().ToArray();

        entries.ShouldAllBe(e => e.Names().SequenceEqual(new[] { "id", "kind", "amount", "balance_after", "order_id", "at" }));
        entries.Select(e => (Text(e, "kind"), Amount(e, "amount"), Amount(e, "balance_after"))).ShouldBe(
        [
            ("deduction", "-20.00", "50.00"),
            ("withdrawal", "-30.00", "70.00"),
            ("refund", "15.00", "100.00"),
            ("purchase", "-15.00", "85.00"),
            ("top_up", "100.00", "100.00"),
        ]);
        entries.Select(e => e.GetProperty("order_id").ToString()).ShouldBe(["", "", order, order, ""]);
        (await jo.Balance()).ShouldBe(50m);
    }

    [Fact]
    public async Task Pages_of_entries_follow_each_other_and_end()
    {
        var jo = await shop.NewCustomer();
        foreach (var amount in new[] { 1m, 2m, 3m, 4m, 5m })
        {
            await jo.TopsUp(amount);
        }

        var first = await jo.Reads(jo.Path("/wallet/entries?limit=3"));
        var second = await jo.Reads(jo.Path($"/wallet/entries?limit=3&after={first.Of("next")}"));

        Amounts(first).ShouldBe(["5.00", "4.00", "3.00"]);
        Amounts(second).ShouldBe(["2.00", "1.00"]);
        second["next"].ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("?limit=0", "limit greater_than_equal")]
    [InlineData("?limit=101", "limit less_than_equal")]
    [InlineData("?after=***", "after cursor")]
    [InlineData("?kind=top_up", "kind extra_forbidden")]
    public async Task A_parameter_that_breaks_its_rule_is_named(string query, string field)
    {
        var jo = await shop.NewCustomer();

        (await jo.Reads(jo.Path("/wallet/entries" + query))).ShouldRefuse(422, "validation_failed", field);
    }

    [Theory]
    [InlineData("wallet")]
    [InlineData("wallet/entries")]
    public async Task A_missing_customer_is_not_found(string what) =>
        (await shop.Admin.Reads($"/api/v2/customers/nobody-here/{what}")).ShouldRefuse(404, "customer_not_found");

    private static string[] Amounts(Answer page) => [.. page["items"].EnumerateArray().Select(e => Amount(e, "amount"))];

    private static string Text(JsonElement entry, string field) => entry.GetProperty(field).GetString()!;

    private static string Amount(JsonElement entry, string field) => Text(entry.GetProperty(field), "amount");
}
