using Microsoft.EntityFrameworkCore;
using Souk.Testing;

namespace Souk.Customers.Tests.Accounts;

/// <summary><c>DELETE /api/v2/customers/{username}</c>.</summary>
public class DeleteCustomerTests(TestShop shop)
{
    [Fact]
    public async Task A_deleted_account_is_gone_for_everybody()
    {
        var jo = await shop.NewCustomer();

        var deleted = await jo.Delete("customers", jo.Path());

        (deleted.Code, deleted.Text).ShouldBe((204, ""));
        (await shop.Admin.Reads(jo.Path())).ShouldRefuse(404, "customer_not_found");
        (await jo.Reads(jo.Path())).ShouldRefuse(401, "unauthenticated");
        (await jo.Delete("customers", jo.Path())).ShouldRefuse(401, "unauthenticated");
        (await jo.TopsUp(5)).ShouldRefuse(401, "unauthenticated");
        (await shop.Visitor.Post("customers", "/api/v2/tokens", new { username = jo.Username, password = TestShop.Password })).ShouldRefuse(401, "invalid_credentials");
    }

    [Fact]
    public async Task The_wallet_is_paid_out_and_everything_personal_erased()
    {
        var jo = await shop.NewCustomer(money: 12.34m);

        (await jo.Delete("customers", jo.Path())).Must(204);

        await using var db = shop.Database();
        var left = await db.Customers.SingleAsync(c => c.Id == jo.Id);
        (left.Username, left.UsernameKey, left.Name, left.Address, left.PasswordHash, left.Age).ShouldBe(("", null, "", "", "", 0));
        left.DeletedAt.ShouldNotBeNull();
        (await db.Wallets.SingleAsync(w => w.CustomerId == jo.Id)).Balance.Minor.ShouldBe(0);
        var entries = await db.Entries.Where(e => e.CustomerId == jo.Id).ToListAsync();
        entries.Sum(e => e.Amount.Minor).ShouldBe(0);
        entries.Where(e => e.Kind == Customers.Wallets.MovementKind.Payout).Select(e => e.Amount.Minor).ShouldBe([-1234L, 1234L], ignoreOrder: true);
    }

    [Fact]
    public async Task The_name_is_free_again_and_the_token_of_the_one_before_opens_nothing()
    {
        var old = await shop.NewCustomer(money: 5);
        await old.Delete("customers", old.Path());

        var young = await shop.NewCustomer(money: 7, username: old.Username);

        young.Id.ShouldNotBe(old.Id);
        foreach (var rest in new[] { "", "/wallet", "/wallet/entries" })
        {
            (await old.Reads(old.Path(rest))).ShouldRefuse(401, "unauthenticated");
        }

        (await old.Send(HttpMethod.Patch, "customers", old.Path(), new { age = 1 }, ifMatch: "*")).ShouldRefuse(401, "unauthenticated");
        (await old.Post("customers", old.Path("/wallet/withdrawals"), new { amount = Person.Money(1) })).ShouldRefuse(401, "unauthenticated");
        (await old.Delete("customers", old.Path())).ShouldRefuse(401, "unauthenticated");
        (await young.Balance()).ShouldBe(7m);
    }

    [Fact]
    public async Task A_kept_answer_of_the_registration_goes_with_the_account()
    {
        var name = shop.NewName();
        (await shop.Visitor.Post("customers", "/api/v2/customers", TestShop.Registration(name), "keep")).Must(201);
        var jo = await shop.SignsIn(name, TestShop.Password);
        await jo.Delete("customers", jo.Path());

        var again = await shop.Visitor.Post("customers", "/api/v2/customers", TestShop.Registration(name), "keep");

        again.Must(201);
        again["id"].GetGuid().ShouldNotBe(jo.Id);
    }

    [Fact]
    public async Task No_answer_to_them_is_kept_and_none_is_written_back()
    {
        var jo = await shop.NewCustomer();
        (await jo.TopsUp(5, "before")).Must(201);
        await jo.Delete("customers", $"/api/v1/customer/delete/{jo.Username}");

        // The first contract leaves the caller's token alone, so that it finds nothing, as ever.
        (await jo.TopsUp(5, "after")).ShouldRefuse(404, "customer_not_found");

        await using var db = shop.Database();
        (await db.KeptAnswers.Where(k => k.Scope.Contains(jo.Id.ToString())).ToListAsync()).ShouldBeEmpty();
        (await db.KeptAnswers.Where(k => k.Refusal!.Contains(jo.Username)).ToListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_missing_customer_is_not_found() => (await shop.Admin.Delete("customers", "/api/v2/customers/nobody-here")).ShouldRefuse(404, "customer_not_found");
}
