using Souk.Testing;

namespace Souk.Customers.Tests.Wallets;

/// <summary>Whatever moves money can be sent again with its key, after a restart as well, and is done once.</summary>
public sealed class RepetitionTests : IAsyncLifetime
{
    private const string Amount = """{"amount":{"amount":"600.00","currency":"USD"}}""";

    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData("POST", "/api/v2/customers/{0}/wallet/top-ups", Amount, 201, 1300)]
    [InlineData("POST", "/api/v2/customers/{0}/wallet/withdrawals", Amount, 201, 100)]
    [InlineData("POST", "/api/v2/customers/{0}/wallet/payments", Amount, 201, 700)]
    [InlineData("PUT", "/api/v1/customer/wallet/{0}/charge", """{"amount":30}""", 200, 730)]
    [InlineData("PUT", "/api/v1/customer/wallet/{0}/deduct", """{"amount":30}""", 200, 670)]
    public async Task It_is_done_once_and_answered_alike(string method, string path, string body, int done, decimal left)
    {
        var jo = await _shop.NewCustomer(money: 700);

        var first = await Send();
        await _shop.Reopen();
        var (second, other) = (await Send(), await jo.Send(new HttpMethod(method), "customers", Path(), body.Replace("0", "1", StringComparison.Ordinal), "one-key"));

        (first.Code, second.Code, second.Text).ShouldBe((done, done, first.Text));
        other.Code.ShouldBe(422, "the key stands for the first request");
        (await jo.Balance()).ShouldBe(left);
        (await _shop.Storage.Number("customers", "SELECT sum(amount) FROM ledger_entries")).ShouldBe(0);

        string Path() => path.Replace("{0}", jo.Username, StringComparison.Ordinal);
        Task<Answer> Send() => jo.Send(new HttpMethod(method), "customers", Path(), body, "one-key");
    }

    [Theory]
    [InlineData("top-ups", 1300)]
    [InlineData("withdrawals", 100)]
    [InlineData("payments", 700)]
    public async Task Security17_what_was_done_is_told_without_the_factor(string what, decimal left)
    {
        var (jo, phone) = await _shop.NewCustomerWithPhone(money: 700);
        var shown = await jo.Follows(_shop, await Send(jo), phone.Code());
        var first = await Send(shown);
        first.Must(201);

        _shop.Clock.Advance(TimeSpan.FromSeconds(301));

        (await Send(shown)).Text.ShouldBe(first.Text, "the answer that got lost");
        (await shown.Post("customers", Path(), Amount, "another-key")).Refuses(403, "step_up_required");
        (await jo.Balance()).ShouldBe(left);

        string Path() => $"/api/v2/customers/{jo.Username}/wallet/{what}";
        Task<Answer> Send(Person who) => who.Post("customers", Path(), Amount, "one-key");
    }
}
