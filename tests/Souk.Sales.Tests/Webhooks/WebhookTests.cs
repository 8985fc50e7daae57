using Microsoft.Extensions.DependencyInjection;
using Souk.Platform.Encryption;
using Souk.Testing;

namespace Souk.Sales.Tests.Webhooks;

/// <summary>Webhooks: who registers is told, signed, at least once, and only where messages may go.</summary>
[Trait("security", "26")]
public sealed class WebhookTests : IAsyncLifetime
{
    private readonly TestShop _shop = new TestShop().With("Sales:WebhookNetworks", "127.0.0.1/32");
    private Receiver _receiver = null!;

    public async ValueTask InitializeAsync()
    {
        await _shop.InitializeAsync();
        _receiver = await Receiver.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _shop.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Security26_orders_are_told_signed_to_whoever_registered_and_the_secret_is_shown_once()
    {
        var registered = await Register(_receiver.Url);
        var (product, jo) = (await _shop.NewProduct(price: 5), await _shop.NewCustomer(money: 20));

        var order = (await jo.Buys(product, 2)).Of("id");
        await jo.Post("sales", $"/api/v2/orders/{order}/cancellation");

        await Eventually(() => _receiver.Got.Count == 2, "two messages");
        var (placed, cancelled) = (_receiver.Got.Single(m => Type(m) == "order_placed"), _receiver.Got.Single(m => Type(m) == "order_cancelled"));
        placed.IsSignedWith(registered.Of("secret")).ShouldBeTrue();
        cancelled.IsSignedWith(registered.Of("secret")).ShouldBeTrue();
        placed.Json.GetProperty("data").ToString().ShouldBe($$$"""{"order_id":"{{{order}}}","total":{"amount":"10.00","currency":"USD"}}""");
        cancelled.Json.GetProperty("data").ToString().ShouldBe($$"""{"order_id":"{{order}}"}""");
        placed.Id.ShouldNotBe(cancelled.Id);

        await Eventually(async () => (await Deliveries(registered, "?state=delivered"))["items"].GetArrayLength() == 2, "both noted");
        (await Deliveries(registered))["items"].EnumerateArray().Select(d => d.GetProperty("id").GetString()).ShouldBe([cancelled.Id, placed.Id], ignoreOrder: true);
        (await _shop.Admin.Get("sales", Path(registered)))["secret"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    [Trait("security", "28")]
    public async Task Security28_the_secret_is_stored_encrypted_and_one_stored_before_that_goes_on_signing()
    {
        var registered = await Register(_receiver.Url);
        const string Sealed = "SELECT count(*) FROM webhooks WHERE secret NOT LIKE '%whsec%' AND length(secret) > 40";
        (await _shop.Storage.Number("sales", Sealed)).ShouldBe(1);

        await _shop.Storage.Run("sales", $"UPDATE webhooks SET secret = '{registered.Of("secret")}'");
        await Buy();
        await Eventually(() => _receiver.Got.Count == 1, "a message");
        _receiver.Got.Single().IsSignedWith(registered.Of("secret")).ShouldBeTrue();
        await _shop.Parts("sales").GetRequiredService<KeyKeeper<SalesDb>>().Look(CancellationToken.None);

        (await _shop.Storage.Number("sales", Sealed)).ShouldBe(1, "it was carried over");
        await Buy();
        await Eventually(() => _receiver.Got.Count == 2, "another message");
        _receiver.Got.Last().IsSignedWith(registered.Of("secret")).ShouldBeTrue();
    }

    [Fact]
    [Trait("security", "28")]
    public async Task Security28_a_secret_that_was_tampered_with_signs_nothing_and_keeps_no_other_webhook_waiting()
    {
        await using var other = await Receiver.Start();
        var (spoiled, sound) = (await Register(other.Url), await Register(_receiver.Url));
        await _shop.Storage.Run("sales", $"UPDATE webhooks SET secret = substr(secret, 1, length(secret) - 12) || 'AAAAAAAA' || substr(secret, length(secret) - 3) WHERE url = '{other.Url}'");

        await Buy();

        await Eventually(() => _receiver.Got.Count == 1, "a message to the sound one");
        await Buy();
        await Eventually(() => _receiver.Got.Count == 2, "the next one, when the spoiled one has had its turn");
        (await _shop.Admin.Get("sales", "/api/v2/webhooks"))["items"].EnumerateArray().Select(w => w.GetProperty("id").GetString()).ShouldBe([spoiled.Of("id"), sound.Of("id")], ignoreOrder: true);
        (await _shop.Admin.Get("sales", Path(spoiled))).Of("url").ShouldBe(other.Url);
        (await _shop.Admin.Delete("sales", Path(spoiled))).Must(204);
        other.Got.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_type_of_event_that_only_a_newer_version_knows_is_passed_over()
    {
        var registered = await Register(_receiver.Url);
        await _shop.Storage.Run("sales", "UPDATE webhooks SET types = types || ' order_framed'");

        await Buy();

        await Eventually(() => _receiver.Got.Count == 1, "a message");
        (await _shop.Admin.Get("sales", Path(registered)))["events"].GetArrayLength().ShouldBe(2);

        await Buy();
        await Eventually(() => _receiver.Got.Count == 2, "another message");
        await _shop.Storage.Run("sales", "UPDATE webhook_messages SET type = 'order_framed' WHERE id = (SELECT id FROM webhook_messages ORDER BY id LIMIT 1)");
        (await _shop.Admin.Get("sales", $"{Path(registered)}/deliveries"))["items"].EnumerateArray().Single().GetProperty("event").GetString().ShouldBe("order_placed");
    }

    [Fact]
    public async Task Orders_that_were_placed_together_are_told_one_by_one()
    {
        await Register(_receiver.Url);
        var (product, buyers) = (await _shop.NewProduct(price: 5, stock: 100), await _shop.NewCustomers(5, money: 100));

        var bought = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => buyers[i % 5].Buys(product)));

        var orders = bought.Select(b => b.Of("id")).Order(StringComparer.Ordinal).ToArray();
        await Eventually(() => _receiver.Got.Count >= orders.Length, "a message an order");
        _receiver.Got.Select(m => m.Json.GetProperty("data").GetProperty("order_id").GetString()!).Order(StringComparer.Ordinal).ShouldBe(orders);
        _receiver.Got.ShouldAllBe(m => Type(m) == "order_placed");
    }

    [Fact]
    public async Task A_registration_that_is_repeated_is_one_webhook_and_shows_no_secret_again()
    {
        var body = new { url = _receiver.Url, events = new[] { "order_placed" } };
        var (first, again) = (await _shop.Admin.Post("sales", "/api/v2/webhooks", body, key: "hook"), await _shop.Admin.Post("sales", "/api/v2/webhooks", body, key: "hook"));

        first.Of("secret").ShouldStartWith("whsec_");
        again.Of("id").ShouldBe(first.Of("id"));
        again["secret"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await _shop.Storage.Number("sales", "SELECT count(*) FROM kept_answers WHERE value LIKE '%whsec%'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_message_that_fails_is_sent_again_the_same_until_it_arrives()
    {
        var registered = await Register(_receiver.Url);
        _receiver.Status = 500;
        await Buy();
        await Eventually(() => _receiver.Got.Count == 1, "the first attempt");
        await Eventually(async () => (await Deliveries(registered)).Of("items.0.last_status") == "500", "noted");
        _receiver.Status = 200;

        _shop.Clock.Advance(TimeSpan.FromSeconds(10));

        await Eventually(async () => (await Deliveries(registered)).Of("items.0.state") == "delivered", "the second attempt");
        var (first, second) = (_receiver.Got.First(), _receiver.Got.Last());
        (second.Id, second.Body).ShouldBe((first.Id, first.Body));
        second.IsSignedWith(registered.Of("secret")).ShouldBeTrue();
        second.Timestamp.ShouldNotBe(first.Timestamp, "an attempt is signed at its own time");
        (await Deliveries(registered))["items.0.attempts"].GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task A_webhook_whose_message_never_arrives_is_switched_off_and_says_so_and_can_be_switched_on_again()
    {
        var registered = await Register(_receiver.Url);
        _receiver.Status = 503;
        await Buy();
        for (var attempt = 1; attempt <= 8; attempt++)
        {
            await Eventually(async () => (await Deliveries(registered))["items"].EnumerateArray().Any(d => d.GetProperty("attempts").GetInt32() == attempt), $"attempt {attempt}");
            _shop.Clock.Advance(TimeSpan.FromHours(11));
            await _shop.AdminSignsInAgain();
        }

        var off = await _shop.Admin.Get("sales", Path(registered));
        off["enabled"].GetBoolean().ShouldBeFalse();
        off.Of("disabled_reason").ShouldContain("failed 8 times; the last time: It answered 503.");
        (await Deliveries(registered)).Of("items.0.state").ShouldBe("failed");
        _receiver.Got.Count.ShouldBe(8);

        _receiver.Status = 200;
        (await _shop.Admin.Patch("sales", Path(registered), new { enabled = true })).Must(200);
        await Buy();
        await Eventually(() => _receiver.Got.Count == 9, "what happened afterwards");
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_left_alone_at_once()
    {
        var registered = await Register(_receiver.Url);
        _receiver.Status = 410;
        await Buy();

        await Eventually(async () => !(await _shop.Admin.Get("sales", Path(registered)))["enabled"].GetBoolean(), "switched off");
        (await _shop.Admin.Get("sales", Path(registered))).Of("disabled_reason").ShouldContain("410");
    }

    [Fact]
    public async Task Security26_redirects_are_not_followed()
    {
        await using var inner = await Receiver.Start();
        (_receiver.Status, _receiver.Location) = (307, inner.Url);
        var registered = await Register(_receiver.Url);
        await Buy();

        await Eventually(async () => (await Deliveries(registered))["items"].EnumerateArray().Any(d => d.GetProperty("attempts").GetInt32() == 1), "the attempt");
        (await Deliveries(registered)).Of("items.0.last_failure").ShouldBe("It answered 307.");
        inner.Got.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("https://127.0.0.2/hooks")]
    [InlineData("https://10.1.2.3/hooks")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("https://100.100.100.200/latest/")]
    [InlineData("https://168.63.129.16/machine")]
    [InlineData("https://[::1]/hooks")]
    [InlineData("https://[::ffff:10.0.0.1]/hooks")]
    [InlineData("https://[64:ff9b::10.0.0.1]/hooks")]
    [InlineData("https://[2002:a00:1::1]/hooks")]
    [InlineData("https://[fe80::1]/hooks")]
    [InlineData("https://[fd00:ec2::254]/hooks")]
    [InlineData("https://0x7f000002/hooks")]
    [InlineData("https://2130706434/hooks")]
    [InlineData("https://017700000002/hooks")]
    [InlineData("https://0.0.0.0/hooks")]
    [InlineData("http://8.8.8.8/hooks")]
    [InlineData("https://user:word@shop.example/")]
    [InlineData("https://shop.example/#part")]
    [InlineData("ftp://shop.example/hooks")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/hooks/relative")]
    public async Task Security26_a_url_that_leads_inside_is_refused_when_it_is_registered(string url)
    {
        var refused = await _shop.Admin.Post("sales", "/api/v2/webhooks", new { url, events = new[] { "order_placed" } });

        refused.Refuses(422, "webhook_url_refused");
        refused.Of("detail").ShouldStartWith("url: ");
        var allowed = await Register(_receiver.Url);
        (await _shop.Admin.Patch("sales", Path(allowed), new { url })).Refuses(422, "webhook_url_refused");
    }

    [Fact]
    public async Task Two_instances_make_one_message_of_an_event()
    {
        await using var twin = await _shop.Twin();
        var registered = await Register(_receiver.Url);
        var product = await _shop.NewProduct(price: 1, stock: 100);
        var buyers = await _shop.NewCustomers(5, 10);

        await Task.WhenAll(buyers.SelectMany(b => Enumerable.Range(0, 4).Select(_ => b.Buys(product))));

        await Eventually(() => _receiver.Got.Select(m => m.Id).Distinct().Count() == 20, "twenty messages");
        (await _shop.Storage.Number("sales", "SELECT count(*) FROM webhook_messages")).ShouldBe(20);
        (await _shop.Admin.Get("sales", Path(registered)))["enabled"].GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task What_waits_when_the_shop_closes_is_sent_when_it_opens_again()
    {
        await Register(_receiver.Url);
        _receiver.Status = 500;
        await Buy();
        await Eventually(() => _receiver.Got.Count == 1, "an attempt");
        _receiver.Status = 200;

        await _shop.Reopen();
        _shop.Clock.Advance(TimeSpan.FromMinutes(2));

        await Eventually(() => _receiver.Got.Count >= 2, "the message after the opening");
        _receiver.Got.Select(m => m.Id).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_webhook_is_told_of_what_it_takes_and_of_nothing_before_it_or_after_it()
    {
        var before = await Buy();
        var registered = await Register(_receiver.Url, "order_cancelled");
        var jo = await Buy();
        await jo.Post("sales", $"/api/v2/orders/{(await jo.Get("sales", "/api/v2/orders")).Of("items.0.id")}/cancellation");
        await Eventually(() => _receiver.Got.Count == 1, "the cancellation");

        (await _shop.Admin.Delete("sales", Path(registered))).Must(204);
        await before.Post("sales", $"/api/v2/orders/{(await before.Get("sales", "/api/v2/orders")).Of("items.0.id")}/cancellation");
        await using var other = await Receiver.Start();
        await Register(other.Url);
        await Buy();
        await Eventually(() => other.Got.Count == 1, "a later event to another webhook");

        Type(_receiver.Got.Single()).ShouldBe("order_cancelled");
        (await _shop.Admin.Get("sales", Path(registered))).Problem.ShouldBe("webhook_not_found");
    }

    [Fact]
    public async Task A_shop_has_twenty_webhooks_at_most_and_lists_them_page_by_page()
    {
        for (var i = 0; i < 20; i++)
        {
            await Register(_receiver.Url);
        }

        (await _shop.Admin.Post("sales", "/api/v2/webhooks", new { url = _receiver.Url, events = new[] { "order_placed" } })).Refuses(409, "webhook_limit");
        var first = await _shop.Admin.Get("sales", "/api/v2/webhooks?limit=15");
        var second = await _shop.Admin.Get("sales", $"/api/v2/webhooks?limit=15&after={first.Of("next")}");
        first["items"].EnumerateArray().Concat(second["items"].EnumerateArray()).Select(w => w.GetProperty("id").GetString()).Distinct().Count().ShouldBe(20);
    }

    [Theory]
    [InlineData("events", "too_short")]
    [InlineData("events[0]", "literal_error")]
    public async Task A_webhook_names_events_that_there_are(string field, string rule) =>
        (await _shop.Admin.Post("sales", "/api/v2/webhooks", new { url = _receiver.Url, events = rule == "too_short" ? [] : new[] { "order_lost" } })).RefusesField("body", field, rule);

    private static string Path(Answer registered) => $"/api/v2/webhooks/{registered.Of("id")}";

    private static string Type(Arrived message) => message.Json.GetProperty("type").GetString()!;

    private static Task Eventually(Func<bool> come, string what) => RunningShop.Eventually(() => Task.FromResult(come()), what);

    private static Task Eventually(Func<Task<bool>> come, string what) => RunningShop.Eventually(come, what);

    private Task<Answer> Deliveries(Answer registered, string query = "") => _shop.Admin.Get("sales", $"{Path(registered)}/deliveries{query}");

    private async Task<Answer> Register(string url, params string[] events)
    {
        var registered = await _shop.Admin.Post("sales", "/api/v2/webhooks", new { url, events = events.Length == 0 ? ["order_placed", "order_cancelled"] : events });
        Assert.True(registered.Code == 201, registered.Text);
        return registered;
    }

    private async Task<Person> Buy()
    {
        var (product, jo) = (await _shop.NewProduct(price: 5), await _shop.NewCustomer(money: 20));
        (await jo.Buys(product)).Must(201);
        return jo;
    }
}
