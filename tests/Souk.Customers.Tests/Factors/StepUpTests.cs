using Souk.Testing;

namespace Souk.Customers.Tests.Factors;

/// <summary>What asks for the second factor again. The clock is moved, so each test has a shop of its own.</summary>
public sealed class StepUpTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData("PATCH", "customers/{0}", """{"password":"a new fine password","current_password":"seven green apples"}""", 200)]
    [InlineData("PATCH", "customers/{0}", """{"address":"2 Side Street"}""", 200)]
    [InlineData("POST", "second-factor/authenticator", "{}", 409)]
    [InlineData("DELETE", "second-factor/authenticator", null, 204)]
    [InlineData("DELETE", "customers/{0}/second-factor", null, 204)]
    [InlineData("POST", "second-factor/recovery-codes", null, 200)]
    [InlineData("POST", "second-factor/passkeys/options", "{}", 200)]
    [InlineData("DELETE", "customers/{0}", null, 204)]
    [InlineData("POST", "customers/{0}/wallet/top-ups", """{"amount":{"amount":"500.01","currency":"USD"}}""", 201)]
    [InlineData("POST", "customers/{0}/wallet/payments", """{"amount":{"amount":"500.01","currency":"USD"}}""", 201)]
    [InlineData("POST", "customers/{0}/wallet/withdrawals", """{"amount":{"amount":"500.01","currency":"USD"}}""", 201)]
    public async Task Security17_what_a_thief_of_a_token_would_do_asks_for_the_factor_again(string method, string path, string? body, int done)
    {
        var (jo, phone) = await _shop.NewCustomerWithPhone(money: 400);
        await jo.TopsUp(400);

        var refused = await Try(jo);
        refused.ShouldRefuseStepUp();
        var shown = await jo.Follows(_shop, refused, phone.Code());
        (await Try(shown)).Code.ShouldBe(done, "the same request, with the token that came back");

        Task<Answer> Try(Person who) => who.Send(
            new HttpMethod(method), "customers", "/api/v2/" + path.Replace("{0}", jo.Username, StringComparison.Ordinal), body, ifMatch: method == "PATCH" ? "*" : null);
    }

    [Fact]
    public async Task Security17_a_factor_counts_for_five_minutes()
    {
        var (jo, phone) = await _shop.NewCustomerWithPhone();
        var shown = await jo.ShowsFactor(_shop, phone.Code());

        _shop.Clock.Advance(TimeSpan.FromSeconds(290));
        (await Moves(shown, "1 First Street")).Must(200);
        _shop.Clock.Advance(TimeSpan.FromSeconds(11));
        (await Moves(shown, "2 Second Street")).ShouldRefuseStepUp();
    }

    [Fact]
    public async Task Security17_refreshing_a_token_keeps_the_time_of_the_factor()
    {
        var jo = await _shop.NewCustomer();
        var phone = await jo.AddsPhone(_shop);
        var refresh = (await _shop.SignIn(jo.Username, phone.Code(1))).Of("refresh_token");
        _shop.Clock.Advance(TimeSpan.FromSeconds(290));
        var refreshed = await _shop.Visitor.Post("customers", "/api/v2/tokens/refresh", new { refresh_token = refresh });
        var again = new Person(_shop, jo.Username, refreshed.Of("access_token"));

        (await Moves(again, "1 First Street")).Must(200);
        _shop.Clock.Advance(TimeSpan.FromSeconds(11));
        (await Moves(again, "2 Second Street")).ShouldRefuseStepUp();
    }

    [Fact]
    public async Task Security17_what_harms_nobody_does_not_ask()
    {
        var (jo, _) = await _shop.NewCustomerWithPhone();

        (await jo.Patch("customers", jo.Path(), new { age = 41 })).Must(200);
        (await jo.TopsUp(500)).Must(201);
        (await jo.Reads(jo.Path("/wallet"))).Must(200);
        (await jo.Post("customers", jo.Path("/wallet/withdrawals"), new { amount = Person.Money(500) })).Must(201);
    }

    [Fact]
    public async Task Security17_an_account_asks_even_those_whose_token_is_older_than_its_factor()
    {
        var jo = await _shop.NewCustomer();
        await jo.AddsPhone(_shop);

        (await Moves(jo, "1 First Street")).ShouldRefuseStepUp();
        (await jo.Delete("customers", jo.Path())).ShouldRefuseStepUp();
        (await jo.Delete("customers", "/api/v2/second-factor/authenticator")).ShouldRefuseStepUp();
    }

    [Fact]
    public async Task Security17_the_first_contract_says_401()
    {
        var (jo, _) = await _shop.NewCustomerWithPhone();

        (await jo.Put("customers", $"/api/v1/customer/update/{jo.Username}", new { address = "2 Side Street" })).ShouldDetail(401);
        (await jo.Delete("customers", $"/api/v1/customer/delete/{jo.Username}")).ShouldDetail(401);
        (await jo.Put("customers", $"/api/v1/customer/wallet/{jo.Username}/charge", new { amount = 500.01 })).ShouldDetail(401);
        (await jo.Put("customers", $"/api/v1/customer/wallet/{jo.Username}/deduct", new { amount = 500.01 })).ShouldDetail(401);
        (await jo.Put("customers", $"/api/v1/customer/update/{jo.Username}", new { age = 41 })).Must(200);
        (await jo.Put("customers", $"/api/v1/customer/wallet/{jo.Username}/charge", new { amount = 500 })).Must(200);
    }

    [Fact]
    public async Task Without_a_factor_there_is_nothing_to_show()
    {
        var jo = await _shop.NewCustomer();

        (await jo.Post("customers", "/api/v2/step-up", new { code = "123456" })).ShouldRefuse(409, "no_second_factor");
        (await jo.Post("customers", "/api/v2/step-up/passkey-options")).ShouldRefuse(409, "no_second_factor");
        (await jo.Post("customers", "/api/v2/second-factor/recovery-codes")).ShouldRefuse(409, "no_second_factor");
        (await Moves(jo, "1 First Street")).Must(200);
        (await jo.TopsUp(5000)).Must(201);
    }

    [Fact]
    public async Task With_the_last_factor_everything_about_it_goes()
    {
        var (jo, phone) = await _shop.NewCustomerWithPhone();
        var shown = await jo.ShowsFactor(_shop, phone.Code());

        (await shown.Delete("customers", "/api/v2/second-factor/authenticator")).Must(204);

        (await shown.Reads("/api/v2/second-factor")).Text.ShouldBe("""{"enabled":false,"authenticator_since":null,"passkeys":[],"recovery_codes_left":0}""");
        (await _shop.SignIn(jo.Username, null)).Must(200);
    }

    [Fact]
    public async Task An_admin_helps_whoever_has_lost_everything_and_nobody_else_does()
    {
        var (jo, _) = await _shop.NewCustomerWithPhone();
        var other = await _shop.NewCustomer();

        (await other.Delete("customers", jo.Path("/second-factor"))).ShouldRefuse(404, "customer_not_found");
        (await _shop.SignIn(jo.Username, null)).ShouldRefuse(401, "second_factor_required");
        var admin = await _shop.SignsIn("admin", TestShop.Password);
        (await admin.Delete("customers", jo.Path("/second-factor"))).Must(204);
        (await _shop.SignIn(jo.Username, null)).Must(200);
    }

    private static Task<Answer> Moves(Person who, string address) => who.Send(HttpMethod.Patch, "customers", who.Path(), new { address }, ifMatch: "*");
}
