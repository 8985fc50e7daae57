using System.Net;
using System.Text.Json;
using Souk.Platform.Hosting;
using Souk.Platform.Traffic;
using Souk.Testing;

namespace Souk.Tests.Hostile;

/// <summary>How many requests an address and an account may send. The shop stands behind a proxy, which says whose requests they are.</summary>
public sealed class RateLimitTests : IAsyncLifetime
{
    /// <summary>For a rule whose requests don't come back while a test runs.</summary>
    private const string ForLong = "/80000";

    private static int _addresses;

    private readonly TestShop _shop = new TestShop()
        .With("Souk:RateLimits:ExemptLoopback", "false")
        .With("Souk:Proxies", "127.0.0.1, 10.9.0.0/16")
        .With("Souk:RateLimits:SignInPerAddress", $"5{ForLong}")
        .With("Souk:RateLimits:ReadsPerAddress", $"8{ForLong}")
        .With("Souk:RateLimits:WritesPerAddress", $"20{ForLong}")
        .With("Souk:RateLimits:ReadsPerAccount", "3/3")
        .With("Souk:RateLimits:WritesPerAccount", $"6{ForLong}")
        .With("Souk:RateLimits:Routes:Sales:get_v2_orders_by_id", $"1{ForLong}")
        .With("Souk:RateLimits:Routes:Reviews:get_v2_reviews", $"7{ForLong}");

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData("customers", "/api/v2/tokens")]
    [InlineData("customers", "/api/v1/customer/auth/login")]
    [InlineData("reviews", "/api/v1/reviews/auth/login")]
    [InlineData("customers", "/api/v2/customers")]
    [InlineData("customers", "/api/v1/customer/auth/register")]
    public async Task Security20_an_address_that_signs_in_or_registers_too_often_waits(string service, string path)
    {
        var (guesser, somebody) = (NewAddress(), NewAddress());
        var guess = new { username = "admin", password = "not the password" };
        for (var left = 4; left >= 0; left--)
        {
            var answer = await From(guesser, HttpMethod.Post, service, path, guess);
            answer.Code.ShouldNotBe(429, answer.Text);
            Header(answer, "RateLimit").ShouldStartWith($"\"sign-in-per-address\";r={left};t=");
            Header(answer, "RateLimit-Policy").ShouldBe("\"sign-in-per-address\";q=5;w=80000");
        }

        IsRefused(await From(guesser, HttpMethod.Post, service, path, guess), path, "16000");
        (await From(somebody, HttpMethod.Post, service, path, guess)).Code.ShouldNotBe(429, "other addresses are not concerned");
        (await From(guesser, HttpMethod.Get, "inventory", "/api/v2/products")).Code.ShouldBe(200, "nor are other kinds of requests");
    }

    [Theory]
    [InlineData("/api/v2/products")]
    [InlineData("/api/v2/nothing/here")]
    [InlineData("/api/v1/inventory/1")]
    [InlineData("/docs/index.html")]
    [InlineData("/openapi.json")]
    public async Task Security20_reads_are_limited_by_address_remembered_ones_too(string path)
    {
        var address = NewAddress();
        for (var i = 0; i < 8; i++)
        {
            (await From(address, HttpMethod.Get, "inventory", path)).Code.ShouldNotBe(429);
        }

        IsRefused(await From(address, HttpMethod.Get, "inventory", path), path, "10000");
        (await From(address, HttpMethod.Head, "inventory", path)).Must(429);
    }

    [Theory]
    [InlineData("/api/v2/orders", "sales")]
    [InlineData("/api/v1/reviews/submit", "reviews")]
    public async Task Security20_an_account_has_one_share_wherever_it_calls_from(string path, string service)
    {
        var (jo, sam) = (await Customer(), await Customer());
        for (var i = 0; i < 6; i++)
        {
            (await From(NewAddress(), HttpMethod.Post, service, path, new { }, jo)).Must(422);
        }

        var refused = await From(NewAddress(), HttpMethod.Post, service, path, new { }, jo);

        IsRefused(refused, path, "13334");
        Header(refused, "RateLimit").ShouldStartWith("\"writes-per-account\";r=0;t=");
        (await From(NewAddress(), HttpMethod.Post, service, path, new { }, sam)).Code.ShouldBe(422, "another account has its own");
    }

    [Fact]
    public async Task Security20_an_operation_can_have_a_limit_of_its_own_for_an_account()
    {
        var (jo, sam) = (await Customer(), await Customer());
        var order = $"/api/v2/orders/{Guid.CreateVersion7(DateTimeOffset.UnixEpoch)}";
        var heard = await From(NewAddress(), HttpMethod.Get, "sales", order, null, jo);
        heard.Must(404);
        Header(heard, "RateLimit-Policy").ShouldBe("\"get_v2_orders_by_id\";q=1;w=80000");

        IsRefused(await From(NewAddress(), HttpMethod.Get, "sales", $"/api/v2/orders/{Guid.CreateVersion7(DateTimeOffset.UnixEpoch)}", null, jo), order, "80000");
        (await From(NewAddress(), HttpMethod.Get, "sales", order, null, sam)).Code.ShouldBe(404, "another account has its own");
        (await From(NewAddress(), HttpMethod.Get, "sales", "/api/v2/orders", null, jo)).Code.ShouldBe(200, "other operations are not concerned");
    }

    [Fact]
    public async Task Security20_an_operation_that_anyone_may_call_can_have_a_limit_of_its_own_for_an_address()
    {
        await using var shop = new TestShop().With("Souk:RateLimits:ExemptLoopback", "false").With("Souk:Proxies", "127.0.0.1").With("Souk:RateLimits:Routes:Customers:post_v2_tokens_revocation", $"2{ForLong}");
        await shop.InitializeAsync();
        var address = NewAddress();
        for (var left = 1; left >= 0; left--)
        {
            Header(await Revoke(address), "RateLimit").ShouldStartWith($"\"post_v2_tokens_revocation\";r={left};t=");
        }

        IsRefused(await Revoke(address), "/api/v2/tokens/revocation", "40000");
        (await Revoke(NewAddress())).Code.ShouldNotBe(429, "other addresses are not concerned");
        (await From(shop, address, HttpMethod.Post, "customers", "/api/v2/tokens", new { username = "admin", password = "not the password" })).Code.ShouldBe(401, "nor are other operations");

        Task<Answer> Revoke(string from) => From(shop, from, HttpMethod.Post, "customers", "/api/v2/tokens/revocation", new { refresh_token = "none" });
    }

    [Fact]
    public async Task Security20_what_anyone_may_read_tells_its_own_limit_to_whoever_is_signed_in_as_well()
    {
        foreach (var caller in new[] { null, await Customer() })
        {
            var answer = await From(NewAddress(), HttpMethod.Get, "reviews", "/api/v2/reviews", null, caller);
            answer.Must(200);
            Header(answer, "RateLimit-Policy").ShouldBe("\"get_v2_reviews\";q=7;w=80000");
        }
    }

    [Fact]
    public async Task Security20_collecting_all_data_is_limited_by_itself()
    {
        var jo = await Customer();
        var answer = await From(NewAddress(), HttpMethod.Post, "customers", $"/api/v2/customers/{jo.Username}/exports", null, jo);

        answer.Must(202);
        Header(answer, "RateLimit-Policy").ShouldBe("\"post_v2_customers_by_username_exports\";q=10;w=3600");
    }

    [Fact]
    public async Task Security20_a_token_that_is_none_is_told_the_limit_of_its_address()
    {
        var answer = await From(NewAddress(), HttpMethod.Get, "sales", "/api/v2/orders", null, new Person(_shop, "nobody", "no token"));

        answer.Must(401);
        Header(answer, "RateLimit-Policy").ShouldBe("\"reads-per-address\";q=8;w=80000");
    }

    [Fact]
    public async Task Security20_whoever_waits_as_told_is_served_again()
    {
        var jo = await Customer();
        Answer answer;
        do
        {
            answer = await From(NewAddress(), HttpMethod.Get, "sales", "/api/v2/orders", null, jo);
        }
        while (answer.Code == 200);

        IsRefused(answer, "/api/v2/orders", "1");
        await Task.Delay(TimeSpan.FromSeconds(int.Parse(Header(answer, "Retry-After"), System.Globalization.CultureInfo.InvariantCulture)));
        await TestShop.Eventually(async () => (await From(NewAddress(), HttpMethod.Get, "sales", "/api/v2/orders", null, jo)).Code == 200, "a request comes back");
    }

    [Fact]
    public async Task Security20_a_chain_of_known_proxies_leads_to_the_client_and_what_the_client_says_does_not_count()
    {
        var client = NewAddress();
        for (var i = 0; i < 8; i++)
        {
            (await From($"203.0.113.{i}, {client}, 10.9.0.7", HttpMethod.Get, "inventory", "/api/v2/products")).Must(200);
        }

        (await From("203.0.113.99, " + client, HttpMethod.Get, "inventory", "/api/v2/products")).Must(429);
        (await From($"{client}, {NewAddress()}", HttpMethod.Get, "inventory", "/api/v2/products")).Must(200);
    }

    [Fact]
    public async Task Security20_without_a_configured_proxy_nobody_chooses_their_address()
    {
        await using var shop = new TestShop().With("Souk:RateLimits:ExemptLoopback", "false").With("Souk:RateLimits:ReadsPerAddress", $"4{ForLong}");
        await shop.InitializeAsync();
        for (var i = 0; i < 4; i++)
        {
            (await Get(i)).Must(200);
        }

        (await Get(5)).Must(429);

        Task<Answer> Get(int i) => From(shop, $"198.51.100.{i}", HttpMethod.Get, "inventory", "/api/v2/products");
    }

    [Fact]
    public async Task Security20_probes_keys_and_other_services_are_not_limited()
    {
        var address = NewAddress();
        foreach (var path in new[] { "/health", "/health/live", "/health/ready", "/.well-known/jwks.json" })
        {
            for (var i = 0; i < 12; i++)
            {
                (await From(address, HttpMethod.Get, "customers", path)).Must(200);
            }
        }

        for (var i = 0; i < 12; i++)
        {
            (await From(address, HttpMethod.Get, "customers", "/internal/customers?username=admin", null, _shop.AsSales())).Must(200);
        }
    }

    [Fact]
    public async Task Security20_every_change_that_anyone_may_ask_for_counts_as_signing_in()
    {
        var open = (await DocumentedOperation.All(_shop)).Where(o => o.Method != HttpMethod.Get && o.Described.GetProperty("x-access").GetString() == "anyone").ToArray();

        open.Length.ShouldBeGreaterThanOrEqualTo(5);
        foreach (var operation in open)
        {
            var answer = await From(NewAddress(), operation.Method, operation.Service, operation.Path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal), new { });
            Header(answer, "RateLimit-Policy").ShouldBe("\"sign-in-per-address\";q=5;w=80000", $"{operation}");
        }
    }

    [Fact]
    public void Security20_however_many_addresses_there_are_they_fill_a_bounded_number_of_buckets()
    {
        var slots = Enumerable.Range(0, 200_000).Select(i => RateLimits.SlotOf(new IPAddress((long)i * 21_001 % uint.MaxValue))).ToHashSet();

        slots.Count.ShouldBeInRange(Limits.RateBuckets * 9 / 10, Limits.RateBuckets);
        slots.ShouldAllBe(s => s >= 0 && s < Limits.RateBuckets);
        Slot("2001:db8:1:2::1").ShouldBe(Slot("2001:db8:1:2:ffff::9"), "one network");
        Slot("::ffff:192.0.2.1").ShouldBe(Slot("192.0.2.1"), "one address");
        Enumerable.Range(0, 50).Select(i => Slot($"2001:db8:1:{i:x}::1")).Distinct().Count().ShouldBeGreaterThan(45);

        static int Slot(string address) => RateLimits.SlotOf(IPAddress.Parse(address));
    }

    [Theory]
    [InlineData("Souk:RateLimits:ReadsPerAddress", "many")]
    [InlineData("Souk:RateLimits:ReadsPerAddress", "0/60")]
    [InlineData("Souk:RateLimits:ReadsPerAddress", "10/0")]
    [InlineData("Souk:RateLimits:ReadsPerAddress", "10")]
    [InlineData("Souk:RateLimits:ReadsPerAddress", "-1/60")]
    [InlineData("Souk:RateLimits:ReadsPerPlanet", "10/60")]
    [InlineData("Souk:RateLimits:Routes:Sales:post_v2_orders", "many")]
    [InlineData("Souk:RateLimits:Routes:Sales:post_v3_orders", "1/60")]
    [InlineData("Souk:RateLimits:Routes:Sales:post_internal_decisions", "1/60")]
    [InlineData("Souk:RateLimits:Routes:Sales:get_health", "1/60")]
    [InlineData("Souk:RateLimits:Routes:Customers:get_well_known_jwks_json", "1/60")]
    [InlineData("Souk:RateLimits:Routes:Sales", "1/60")]
    [InlineData("Souk:RateLimits:Routes", "1/60")]
    [InlineData("Souk:RateLimits:Routes:Bazaar", "1/60")]
    [InlineData("Souk:RateLimits:ExemptLoopback", "perhaps")]
    [InlineData("Souk:Proxies", "proxy.example")]
    [InlineData("Souk:Proxies", "10.0.0.0/99")]
    [InlineData("Souk:CorsOrigins", "*")]
    [InlineData("Souk:CorsOrigins", "https://shop.example/path")]
    public async Task Security20_a_setting_that_can_not_be_used_stops_the_start(string setting, string value)
    {
        await using var shop = new TestShop().With(setting, value);

        (await Should.ThrowAsync<SettingException>(async () => await shop.InitializeAsync())).Message.ShouldContain(setting);
    }

    private static void IsRefused(Answer answer, string path, string retryAfter)
    {
        answer.Code.ShouldBe(429, answer.Text);
        Header(answer, "Retry-After").ShouldBe(retryAfter);
        Header(answer, "RateLimit").ShouldContain(";r=0;t=");
        if (path.StartsWith("/api/v1/", StringComparison.Ordinal))
        {
            answer.Json.EnumerateObject().Select(f => f.Name).ShouldBe(["detail"]);
        }
        else
        {
            answer.Refuses(429, "rate_limited");
        }
    }

    private static string Header(Answer answer, string name) => answer.Headers.GetValues(name).ShouldHaveSingleItem();

    private static string NewAddress()
    {
        var n = Interlocked.Increment(ref _addresses);
        return $"100.64.{n / 250}.{(n % 250) + 1}";
    }

    private static async Task<Answer> From(RunningShop shop, string address, HttpMethod method, string service, string path, object? body = null, Person? caller = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-Forwarded-For", address);
        if (caller is not null)
        {
            request.Headers.Authorization = new("Bearer", caller.Token);
        }

        request.Content = body is null ? null : new StringContent(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");
        using var response = await shop.Http(service).SendAsync(request);
        return await Answer.Read(response);
    }

    private Task<Answer> From(string address, HttpMethod method, string service, string path, object? body = null, Person? caller = null) =>
        From(_shop, address, method, service, path, body, caller);

    /// <summary>A new customer, each of whose steps comes from another address.</summary>
    private async Task<Person> Customer()
    {
        var name = _shop.NewName();
        (await From(NewAddress(), HttpMethod.Post, "customers", "/api/v2/customers", TestShop.Registration(name))).Must(201);
        var token = await From(NewAddress(), HttpMethod.Post, "customers", "/api/v2/tokens", new { username = name, password = TestShop.Password });
        return new Person(_shop, name, token.Of("access_token"));
    }
}
