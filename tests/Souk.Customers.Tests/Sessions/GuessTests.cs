using System.Globalization;
using Microsoft.Extensions.Configuration;
using Souk.Customers.Sessions;
using Souk.Platform.Hosting;
using Souk.Testing;

namespace Souk.Customers.Tests.Sessions;

/// <summary>How often passwords can be guessed. These tests move the clock, so each has a shop of its own.</summary>
[Trait("security", "14")]
public sealed class GuessTests : IAsyncLifetime
{
    private const int Free = 7;

    private readonly TestShop _shop = new TestShop().With("SignIn:WrongPasswords", $"{Free}").With("SignIn:PauseSeconds", "60").With("SignIn:LongestPauseSeconds", "200");

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Security14_parallel_guesses_still_meet_the_limit(bool known)
    {
        var name = known ? (await _shop.NewCustomer()).Username : "nobody-here";
        await using var twin = await _shop.Twin();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => SignIn(i % 2 == 0 ? _shop : twin, name, $"guess number {i}")));

        answers.Count(a => a.Code == 401).ShouldBe(Free);
        var paused = answers.Where(a => a.Code != 401).ToArray();
        paused.ShouldAllBe(a => a.Code == 429 && a.Problem == "too_many_guesses");
        paused.ShouldAllBe(a => a.Headers.RetryAfter!.Delta > TimeSpan.FromSeconds(30) && a.Headers.RetryAfter!.Delta <= TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Security14_a_pause_passes_and_the_right_password_makes_all_forgotten()
    {
        var jo = await _shop.NewCustomer();
        await GuessAll(jo.Username);
        (await SignIn(_shop, jo.Username, TestShop.Password)).ShouldRefuse(429, "too_many_guesses");

        _shop.Clock.Advance(TimeSpan.FromSeconds(61));

        (await SignIn(_shop, jo.Username, TestShop.Password)).Must(200);
        await GuessAll(jo.Username);
    }

    [Fact]
    public async Task Security14_each_further_wrong_guess_doubles_the_pause_up_to_a_bound()
    {
        var jo = await _shop.NewCustomer();
        await GuessAll(jo.Username);
        foreach (var (waited, next) in new[] { (60, 120), (120, 200), (200, 200) })
        {
            _shop.Clock.Advance(TimeSpan.FromSeconds(waited + 1));
            (await SignIn(_shop, jo.Username, "wrong again")).ShouldRefuse(401, "invalid_credentials");
            (await SignIn(_shop, jo.Username, "wrong again")).Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(next - 30, next);
        }
    }

    [Fact]
    public async Task Security14_nobody_locks_a_customer_out_from_another_address()
    {
        var jo = await _shop.NewCustomer();
        await GuessAll(jo.Username);

        (await _shop.PostFrom("127.0.0.2", "customers", "/api/v2/tokens", new { username = jo.Username, password = TestShop.Password })).Must(200);
        (await _shop.PostFrom("127.0.0.2", "reviews", "/api/v1/reviews/auth/login", new { username = jo.Username, password = TestShop.Password })).Code.ShouldBe(200, "Reviews tells for whom it asks");
        (await SignIn(_shop, jo.Username, TestShop.Password)).ShouldRefuse(429, "too_many_guesses");
    }

    [Theory]
    [InlineData("customers", "/api/v1/customer/auth/login")]
    [InlineData("reviews", "/api/v1/reviews/auth/login")]
    public async Task Security14_the_first_contracts_logins_count_too(string service, string path)
    {
        var jo = await _shop.NewCustomer();
        for (var i = 0; i < Free; i++)
        {
            (await _shop.Visitor.Post(service, path, new { username = jo.Username.ToUpperInvariant(), password = "wrong" })).Must(404);
        }

        var paused = await _shop.Visitor.Post(service, path, new { username = jo.Username, password = TestShop.Password });

        paused.ShouldDetail(429);
        paused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(30, 60);
    }

    [Fact]
    public async Task Security14_the_current_password_of_a_change_can_not_be_guessed_either()
    {
        var jo = await _shop.NewCustomer();
        var body = new { password = "a new fine password", current_password = "wrong" };
        for (var i = 0; i < Free; i++)
        {
            (await jo.Patch("customers", jo.Path(), body)).ShouldRefuse(403, "current_password_wrong");
        }

        (await jo.Patch("customers", jo.Path(), new { password = "a new fine password", current_password = TestShop.Password })).ShouldRefuse(429, "too_many_guesses");
    }

    [Fact]
    public async Task Security14_right_passwords_in_parallel_are_no_guesses()
    {
        var jo = await _shop.NewCustomer();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => SignIn(_shop, jo.Username, TestShop.Password)));

        answers.ShouldAllBe(a => a.Code == 200);
    }

    [Fact]
    public async Task Security14_wrong_guesses_are_forgotten_after_a_day()
    {
        var jo = await _shop.NewCustomer();
        for (var i = 1; i < Free; i++)
        {
            await SignIn(_shop, jo.Username, "wrong");
        }

        _shop.Clock.Advance(TimeSpan.FromHours(25));

        await GuessAll(jo.Username);
    }

    [Fact]
    public void The_addresses_of_one_ipv6_network_are_one()
    {
        Guesses.KeyOf("Jo", new("2001:db8:1:2::1", "")).ShouldBe(Guesses.KeyOf("jo", new("2001:db8:1:2:ffff::9", "")));
        Guesses.KeyOf("jo", new("2001:db8:1:2::1", "")).ShouldNotBe(Guesses.KeyOf("jo", new("2001:db8:1:3::1", "")));
        Guesses.KeyOf("jo", new("10.0.0.1", "")).ShouldNotBe(Guesses.KeyOf("jo", new("10.0.0.2", "")));
    }

    [Theory]
    [InlineData("SignIn:WrongPasswords", "0")]
    [InlineData("SignIn:WrongCodes", "101")]
    [InlineData("SignIn:PauseSeconds", "-1")]
    [InlineData("SignIn:LongestPauseSeconds", "for ever")]
    public void A_setting_that_can_not_be_used_is_named(string setting, string value) =>
        Should.Throw<SettingException>(() => GuessLimits.Of(new ConfigurationBuilder().AddInMemoryCollection([new(setting, value)]).Build())).Message.ShouldStartWith(setting);

    /// <summary>Exactly so many guesses are heard, and no more.</summary>
    private async Task GuessAll(string name)
    {
        for (var i = 0; i < Free; i++)
        {
            (await SignIn(_shop, name, string.Create(CultureInfo.InvariantCulture, $"wrong {i}"))).ShouldRefuse(401, "invalid_credentials");
        }

        (await SignIn(_shop, name, "wrong")).ShouldRefuse(429, "too_many_guesses");
    }

    private static Task<Answer> SignIn(TestShop shop, string username, string password) => shop.Visitor.Post("customers", "/api/v2/tokens", new { username, password });
}
