using Microsoft.Extensions.Configuration;
using Souk.Contracts;
using Souk.Testing;

namespace Souk.Tests.Privacy;

/// <summary>A customer is erased everywhere, and can follow that to its end.</summary>
[Trait("security", "31")]
public sealed class ErasureTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Security31_after_an_erasure_nothing_personal_is_found_anywhere_and_the_books_balance()
    {
        var trace = await Trace.Leave(_shop);
        var jo = trace.Person;
        (await jo.Post("customers", $"/api/v2/customers/{jo.Username}/exports", key: "exports")).Must(202);
        (await trace.FoundIn(_shop)).Count.ShouldBeGreaterThan(5, "before, it is found in many places");

        var erased = await jo.Post("customers", $"/api/v2/customers/{jo.Username}/erasures");

        erased.Code.ShouldBe(202, erased.Text);
        await Followed(erased);
        (await trace.FoundIn(_shop)).ShouldBeEmpty();
        (await Left(jo.Id)).ShouldBeEmpty();
        (await jo.Get("customers", $"/api/v2/customers/{jo.Username}")).Refuses(404, "customer_not_found");
        (await _shop.Storage.Number("customers", "SELECT sum(amount) FROM ledger_entries")).ShouldBe(0);
        (await _shop.Admin.Get("sales", $"/api/v2/orders/{trace.Order}")).Of("total.amount").ShouldBe("10.00", "the order stays as a figure");
        (await Wrong()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Security31_a_service_that_is_down_erases_when_it_is_back()
    {
        var trace = await Trace.Leave(_shop);
        var jo = trace.Person;
        await _shop.Stop("sales");

        var erased = await jo.Post("customers", $"/api/v2/customers/{jo.Username}/erasures");
        await TestShop.Eventually(async () => Parts(await _shop.Visitor.Get("customers", At(erased))) is { Reviews: true }, "Reviews is done");
        Parts(await _shop.Visitor.Get("customers", At(erased))).ShouldBe((true, false, true));
        (await _shop.Visitor.Get("customers", At(erased)))["done"].GetBoolean().ShouldBeFalse();
        await _shop.Stop("customers");
        await _shop.StartAgain("customers");
        await _shop.StartAgain("sales");

        await Followed(erased);
        (await trace.FoundIn(_shop)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Security31_deleting_erases_as_well_on_both_contracts()
    {
        foreach (var path in new[] { "/api/v2/customers/", "/api/v1/customer/delete/" })
        {
            var trace = await Trace.Leave(_shop);

            (await trace.Person.Delete("customers", path + trace.Person.Username)).Code.ShouldBeInRange(200, 204);

            await TestShop.Eventually(async () => (await trace.FoundIn(_shop)).Count == 0, "all traces are gone");
        }

        (await Wrong()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Security31_a_lost_answer_can_be_had_again_by_its_key()
    {
        var jo = await _shop.NewCustomer();
        var path = $"/api/v2/customers/{jo.Username}/erasures";
        var first = await jo.Post("customers", path, key: "erases");

        var again = await jo.Post("customers", path, key: "erases");

        (again.Code, At(again)).ShouldBe((202, At(first)));
        (await jo.Post("customers", path, key: "another")).Refuses(404, "customer_not_found");
        (await jo.Post("customers", path)).Refuses(404, "customer_not_found");
    }

    [Fact]
    public async Task Security31_whoever_has_a_second_factor_shows_it_before_an_erasure()
    {
        var (jo, phone) = await _shop.NewCustomerWithPhone();
        var path = $"/api/v2/customers/{jo.Username}/erasures";
        var refused = await jo.Post("customers", path, key: "erases");

        var shown = await jo.Follows(_shop, refused, phone.RecoveryCodes[1]);

        var erased = At(await shown.Post("customers", path, key: "erases"));
        At(await jo.Post("customers", path, key: "erases")).ShouldBe(erased, "what is done is told to the same session without another code");
    }

    [Fact]
    public async Task Security31_nobody_erases_another_or_follows_without_the_receipt()
    {
        var (jo, other) = (await _shop.NewCustomer(), await _shop.NewCustomer());

        (await other.Post("customers", $"/api/v2/customers/{jo.Username}/erasures")).Refuses(404, "customer_not_found");
        (await _shop.Visitor.Post("customers", $"/api/v2/customers/{jo.Username}/erasures")).Refuses(401, "unauthenticated");
        (await _shop.Admin.Post("customers", "/api/v2/customers/admin/erasures")).Refuses(409, "last_admin");
        (await _shop.Admin.Post("customers", $"/api/v2/customers/{jo.Username}/erasures")).Code.ShouldBe(202, "an admin may");
        (await _shop.Admin.Get("customers", $"/api/v2/erasures/{jo.Id}")).Refuses(404, "erasure_not_found");
        (await _shop.Storage.Number("customers", "SELECT count(*) FROM erasures")).ShouldBe(1);
    }

    /// <summary>What is encrypted or has no words in it can't be searched for. Nobody else has a cart or an export here, nor reads on this device.</summary>
    private async Task<List<string>> Left(Guid id)
    {
        var left = new List<string>();
        foreach (var (service, table, what) in new[]
        {
            ("customers", "customers", "deleted_at IS NOT NULL AND (name <> '' OR address <> '' OR password_hash <> '' OR age <> 0)"),
            ("customers", "sessions", "customer_id IN (SELECT id FROM customers WHERE deleted_at IS NOT NULL) AND (address <> '' OR agent <> '')"),
            ("customers", "wallets", "customer_id IN (SELECT id FROM customers WHERE deleted_at IS NOT NULL) AND (balance <> 0 OR NOT closed)"),
            ("customers", "exports", "true"), ("customers", "export_pages", "true"), ("sales", "cart_lines", "true"),
            ("customers", "kept_answers", $"scope LIKE '%{id}%'"), ("sales", "kept_answers", $"scope LIKE '%{id}%'"), ("reviews", "kept_answers", $"scope LIKE '%{id}%'"),
        })
        {
            if (await _shop.Storage.Number(service, $"SELECT count(*) FROM {table} WHERE {what}") is > 0 and var rows)
            {
                left.Add($"{service}.{table}: {rows}");
            }
        }

        return left;
    }

    private static string At(Answer answer)
    {
        answer.Code.ShouldBe(202, answer.Text);
        return answer.Headers.Location!.ToString();
    }

    private static (bool Customers, bool Sales, bool Reviews) Parts(Answer answer)
    {
        var done = answer["parts"].EnumerateArray().ToDictionary(p => p.GetProperty("service").GetString()!, p => p.GetProperty("done").GetBoolean());
        return (done["customers"], done["sales"], done["reviews"]);
    }

    /// <summary>By somebody who is not signed in: the account is gone.</summary>
    private Task Followed(Answer erased) =>
        TestShop.Eventually(async () => (await _shop.Visitor.Get("customers", At(erased)))["done"].GetBoolean(), "every service has erased");

    private async Task<IReadOnlyList<Discrepancy>> Wrong()
    {
        await using var books = await ShopBooks.Open(new ConfigurationBuilder().AddInMemoryCollection(_shop.Settings).Build());
        return (await books.Check()).Wrong;
    }
}
