using Souk.Customers.Wallets;
using Souk.Testing;

namespace Souk.Customers.Tests.Wallets;

/// <summary>One wallet, a hundred requests at once.</summary>
public class ConcurrencyTests(TestShop shop)
{
    [Fact]
    public async Task A_hundred_top_ups_at_once_all_arrive()
    {
        var jo = await shop.NewCustomer();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => jo.TopsUp(1.01m)));

        answers.ShouldAllBe(a => a.Code == 201);
        answers.Select(a => a.Of("balance.amount")).Distinct().Count().ShouldBe(100, "each saw the ones before it");
        (await jo.Balance()).ShouldBe(101m);
    }

    [Theory]
    [InlineData("v2")]
    [InlineData("v1")]
    public async Task Of_a_hundred_deductions_at_once_exactly_those_succeed_for_which_there_is_money(string contract)
    {
        var jo = await shop.NewCustomer(money: 30 * 7m);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => contract == "v2"
            ? jo.Post("customers", jo.Path("/wallet/withdrawals"), new { amount = Person.Money(7) })
            : shop.Admin.Put("customers", $"/api/v1/customer/wallet/{jo.Username}/deduct", new { amount = 7 })));

        answers.Count(a => a.Code is 200 or 201).ShouldBe(30);
        answers.Count(a => a.Code == (contract == "v2" ? 409 : 400)).ShouldBe(70);
        (await jo.Balance()).ShouldBe(0m);
        await using var db = shop.Database();
        (await LedgerAudit.Of(db)).ShouldBe(new LedgerAudit(0, 0));
    }

    [Fact]
    public async Task Money_that_comes_and_goes_at_once_is_never_lost()
    {
        var jo = await shop.NewCustomer(money: 50);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => i % 2 == 0
            ? jo.TopsUp(1)
            : jo.Post("customers", jo.Path("/wallet/withdrawals"), new { amount = Person.Money(1) })));

        answers.ShouldAllBe(a => a.Code == 201);
        (await jo.Balance()).ShouldBe(50m);
    }
}
