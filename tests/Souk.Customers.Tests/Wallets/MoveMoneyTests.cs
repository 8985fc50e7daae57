using Souk.Testing;

namespace Souk.Customers.Tests.Wallets;

/// <summary>Top-ups and withdrawals in the second contract.</summary>
public class MoveMoneyTests(TestShop shop)
{
    [Fact]
    public async Task A_top_up_and_a_withdrawal_say_what_they_did()
    {
        var jo = await shop.NewCustomer();

        var paid = await jo.TopsUp(100);
        var taken = await Withdraws(jo, 0.01m);

        foreach (var (answer, kind, amount, balance) in new[] { (paid, "top_up", "100.00", "100.00"), (taken, "withdrawal", "0.01", "99.99") })
        {
            answer.Must(201);
            answer.Headers.Location!.ToString().ShouldBe($"/api/v2/customers/{jo.Username}/wallet/entries");
            answer.Json.Names().ShouldBe(["id", "kind", "amount", "balance", "at"]);
            (answer.Of("kind"), answer.Of("amount.amount"), answer.Of("balance.amount"), answer.Of("amount.currency")).ShouldBe((kind, amount, balance, "USD"));
        }

        (await jo.Balance()).ShouldBe(99.99m);
    }

    [Fact]
    public async Task More_than_there_is_can_t_be_withdrawn_and_nothing_moves()
    {
        var jo = await shop.NewCustomer(money: 10);

        (await Withdraws(jo, 10.01m)).ShouldRefuse(409, "insufficient_funds");
        (await jo.Balance()).ShouldBe(10m);
        (await Withdraws(jo, 10)).Code.ShouldBe(201, "all of it can");
        (await jo.Balance()).ShouldBe(0m);
    }

    [Fact]
    public async Task A_wallet_holds_ten_thousand_million_and_not_a_cent_more()
    {
        var jo = await shop.NewCustomer();

        (await jo.TopsUp(10_000_000_000m)).Must(201);
        (await jo.TopsUp(0.01m)).ShouldRefuse(409, "wallet_full");
        (await jo.Balance()).ShouldBe(10_000_000_000m);
    }

    [Fact]
    public async Task What_was_not_there_is_looked_for_again_under_the_same_key()
    {
        var name = shop.NewName();
        (await Pays()).ShouldRefuse(404, "customer_not_found");
        var jo = await shop.NewCustomer(username: name);

        (await Pays()).Must(201);
        (await Pays()).Must(201);
        (await jo.Balance()).ShouldBe(5m);

        Task<Answer> Pays() => shop.Admin.Post("customers", $"/api/v2/customers/{name}/wallet/top-ups", new { amount = Person.Money(5) }, $"for-{name}");
    }

    [Theory]
    [InlineData("top-ups")]
    [InlineData("withdrawals")]
    public async Task A_missing_customer_is_not_found(string what) =>
        (await shop.Admin.Post("customers", $"/api/v2/customers/nobody-here/wallet/{what}", new { amount = Person.Money(1) })).ShouldRefuse(404, "customer_not_found");

    [Theory]
    [InlineData("0", "amount.amount greater_than")]
    [InlineData("0.00", "amount.amount greater_than")]
    [InlineData("-1.00", "amount.amount greater_than")]
    [InlineData("10000000000.01", "amount.amount less_than_equal")]
    [InlineData("79228162514264337593543950335", "amount.amount less_than_equal")]
    [InlineData("792281625142643375935439503350", "amount.amount decimal_parsing")]
    [InlineData("0.001", "amount.amount decimal_max_places")]
    [InlineData("1.00000000000000000000000000000000000000001", "amount.amount decimal_max_places")]
    [InlineData("NaN", "amount.amount decimal_parsing")]
    [InlineData("Infinity", "amount.amount decimal_parsing")]
    [InlineData("1e3", "amount.amount decimal_parsing")]
    [InlineData("1,000", "amount.amount decimal_parsing")]
    [InlineData(" 1", "amount.amount decimal_parsing")]
    [InlineData("", "amount.amount decimal_parsing")]
    public async Task An_amount_that_is_no_money_is_refused(string amount, string field)
    {
        var jo = await shop.NewCustomer(money: 5);

        foreach (var what in new[] { "top-ups", "withdrawals" })
        {
            (await jo.Post("customers", jo.Path($"/wallet/{what}"), new { amount = new { amount, currency = "USD" } })).ShouldRefuse(422, "validation_failed", field);
        }

        (await jo.Balance()).ShouldBe(5m);
    }

    [Theory]
    [InlineData("""{"amount":5}""", "amount money_type")]
    [InlineData("""{"amount":"5.00"}""", "amount money_type")]
    [InlineData("""{"amount":null}""", "amount money_type")]
    [InlineData("""{"amount":{"amount":5,"currency":"USD"}}""", "amount.amount decimal_parsing")]
    [InlineData("""{"amount":{"amount":"5.00"}}""", "amount.currency missing")]
    [InlineData("""{"amount":{"currency":"USD"}}""", "amount.amount missing")]
    [InlineData("""{"amount":{"amount":"5.00","currency":"EUR"}}""", "amount.currency literal_error")]
    [InlineData("""{"amount":{"amount":"5.00","currency":"USD","scale":2}}""", "amount.scale extra_forbidden")]
    [InlineData("""{}""", "amount missing")]
    public async Task Money_has_its_form(string body, string field)
    {
        var jo = await shop.NewCustomer();

        (await jo.Post("customers", jo.Path("/wallet/top-ups"), body)).ShouldRefuse(422, "validation_failed", field);
        (await jo.Balance()).ShouldBe(0m);
    }

    [Fact]
    public async Task A_repeated_key_moves_money_once_and_answers_the_same()
    {
        var jo = await shop.NewCustomer();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => jo.TopsUp(5, key: "once")));

        answers.ShouldAllBe(a => a.Code == 201);
        answers.Select(a => a.Text).Distinct().Count().ShouldBe(1);
        (await jo.Balance()).ShouldBe(5m);
    }

    [Fact]
    public async Task A_key_belongs_to_one_request_of_one_caller()
    {
        var (jo, eve) = (await shop.NewCustomer(), await shop.NewCustomer());
        (await jo.TopsUp(5, key: "mine")).Must(201);

        (await jo.TopsUp(6, key: "mine")).ShouldRefuse(422, "idempotency_key_reused");
        (await Withdraws(jo, 5, key: "mine")).ShouldRefuse(422, "idempotency_key_reused");
        (await eve.TopsUp(6, key: "mine")).Code.ShouldBe(201, "keys of different callers never meet");
        (await jo.Balance()).ShouldBe(5m);
    }

    [Fact]
    public async Task A_refusal_is_kept_under_its_key_too()
    {
        var jo = await shop.NewCustomer(money: 1);
        (await Withdraws(jo, 5, key: "poor")).ShouldRefuse(409, "insufficient_funds");
        await jo.TopsUp(100);

        (await Withdraws(jo, 5, key: "poor")).ShouldRefuse(409, "insufficient_funds");
        (await Withdraws(jo, 5, key: "rich")).Must(201);
    }

    [Theory]
    [InlineData("top-ups")]
    [InlineData("withdrawals")]
    public async Task A_key_has_at_most_255_visible_characters(string what)
    {
        var jo = await shop.NewCustomer(money: 5);

        (await Sends(new string('k', 255))).Must(201);
        (await Sends(new string('k', 256))).ShouldRefuse(422, "validation_failed", "Idempotency-Key idempotency_key");
        (await Sends("two words")).ShouldRefuse(422, "validation_failed", "Idempotency-Key idempotency_key");

        Task<Answer> Sends(string key) => jo.Post("customers", jo.Path($"/wallet/{what}"), new { amount = Person.Money(1) }, key);
    }

    private static Task<Answer> Withdraws(Person who, decimal amount, string? key = null) =>
        who.Post("customers", who.Path("/wallet/withdrawals"), new { amount = Person.Money(amount) }, key);
}
