using Microsoft.IdentityModel.JsonWebTokens;
using Souk.Testing;

namespace Souk.Customers.Tests.Requests;

/// <summary>What other services ask Customers.</summary>
public class InternalTests(TestShop shop)
{
    [Fact]
    public async Task A_customer_is_found_by_name()
    {
        var jo = await shop.NewCustomer();

        (await shop.AsSales().Reads($"/internal/customers?username={jo.Username}")).ShouldBeText(200, $$"""{"id":"{{jo.Id}}","username":"{{jo.Username}}"}""");
        (await shop.AsSales().Reads("/internal/customers?username=nobody-here")).ShouldRefuse(404, "customer_not_found");
        (await shop.AsSales().Reads("/internal/customers")).ShouldRefuse(404, "customer_not_found");
    }

    [Fact]
    public async Task Reviews_logs_people_in_by_asking()
    {
        var jo = await shop.NewCustomer();

        var answer = await shop.AsSales().Post("customers", "/internal/v1-login", new { username = jo.Username, password = TestShop.Password });

        new JsonWebToken(answer.Of("token")).GetClaim("address").Value.ShouldBe("1 Main Street");
        (await shop.AsSales().Post("customers", "/internal/v1-login", new { username = jo.Username, password = "wrong" })).ShouldRefuse(401, "invalid_credentials");
    }

    [Fact]
    public async Task A_hold_takes_money_once_and_its_end_gives_it_back_once()
    {
        var jo = await shop.NewCustomer(money: 20);
        var sale = Guid.CreateVersion7(shop.Clock.GetUtcNow());

        (await Hold(sale, jo.Id, 1500)).ShouldBe("");
        (await Hold(sale, jo.Id, 1500)).ShouldBe("", "the same answer again");
        (await Hold(sale, jo.Id, 1500, "other lines")).ShouldBe("idempotency_key_reused");
        (await jo.Balance()).ShouldBe(5m);
        await End(sale, outcome: 1);
        await End(sale, outcome: 1);
        (await jo.Balance()).ShouldBe(20m);
        (await Hold(sale, jo.Id, 1500)).ShouldBe("order_aborted");
    }

    [Fact]
    public async Task A_hold_needs_a_customer_who_has_the_money()
    {
        var (poor, gone) = (await shop.NewCustomer(money: 1), await shop.NewCustomer(money: 50));
        await gone.Delete("customers", gone.Path());

        (await Hold(Guid.CreateVersion7(), poor.Id, 101)).ShouldBe("insufficient_funds");
        (await Hold(Guid.CreateVersion7(), gone.Id, 100)).ShouldBe("customer_not_found");
        (await Hold(Guid.CreateVersion7(), Guid.CreateVersion7(), 100)).ShouldBe("customer_not_found");
        (await poor.Balance()).ShouldBe(1m);
    }

    [Fact]
    public async Task A_batch_answers_each_in_its_place()
    {
        var jo = await shop.NewCustomer(money: 10);
        var wanted = new[] { 600, 600, 400 }.Select(amount => new { sale_id = Guid.CreateVersion7(), fingerprint = "f", customer_id = jo.Id, amount });

        var answers = await shop.AsSales().Post("customers", "/internal/holds", wanted.ToArray());

        answers.Json.EnumerateArray().Count().ShouldBe(3);
        answers["0.refused"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        answers.Of("1.refused.code").ShouldBe("insufficient_funds");
        answers["2.refused"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await jo.Balance()).ShouldBe(0m);
    }

    [Fact]
    public async Task A_hold_that_breaks_fails_alone()
    {
        var jo = await shop.NewCustomer(money: 10);

        // Nobody can take a negative amount.
        var wanted = new[] { 600, -1, 400 }.Select(amount => new { sale_id = Guid.CreateVersion7(), fingerprint = "f", customer_id = jo.Id, amount });
        var answers = await shop.AsSales().Post("customers", "/internal/holds", wanted.ToArray());

        answers.Must(200);
        answers["0.refused"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (answers.Of("1.refused.code"), answers.Of("1.refused.detail")).ShouldBe(("dependency_unavailable", "It could not be stored."));
        answers["2.refused"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await jo.Balance()).ShouldBe(0m);
    }

    private async Task<string> Hold(Guid sale, Guid customer, long amount, string fingerprint = "f")
    {
        var answer = await shop.AsSales().Post("customers", "/internal/holds", new[] { new { sale_id = sale, fingerprint, customer_id = customer, amount } });
        return answer["0.refused"].ValueKind == System.Text.Json.JsonValueKind.Null ? "" : answer.Of("0.refused.code");
    }

    private async Task End(Guid sale, int outcome) =>
        (await shop.AsSales().Post("customers", "/internal/sale-ends", new[] { new { sale_id = sale, outcome } })).Must(200);
}
