using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Souk.Testing;

namespace Souk.Customers.Tests.Payments;

/// <summary>Payments whose money comes later: the provider's signed events fill the wallet, each once.</summary>
[Trait("security", "26")]
public class PaymentEventTests(TestShop shop)
{
    [Fact]
    public async Task A_payment_fills_the_wallet_when_the_provider_reports_it()
    {
        var (jo, payment) = await Started(25);
        (await jo.Get("customers", Path(jo, payment))).Of("status").ShouldBe("pending");
        (await jo.Balance()).ShouldBe(0m);

        var answer = await Send(Signed(Event(payment, 25)));

        (answer.Code, answer.Of("status")).ShouldBe((200, "succeeded"));
        (await jo.Balance()).ShouldBe(25m);
        (await jo.Get("customers", Path(jo, payment))).Of("status").ShouldBe("succeeded");
        (await jo.Get("customers", $"/api/v2/customers/{jo.Username}/wallet/entries")).Of("items.0.kind").ShouldBe("top_up");
    }

    [Fact]
    public async Task A_payment_that_failed_fills_nothing_and_stays_so()
    {
        var (jo, payment) = await Started(25);

        (await Send(Signed(Event(payment, 25, "payment_failed")))).Of("status").ShouldBe("failed");
        (await Send(Signed(Event(payment, 25)))).Of("status").ShouldBe("failed", "a payment ends once");
        (await jo.Balance()).ShouldBe(0m);
    }

    [Fact]
    public async Task Security26_an_event_counts_once_however_often_it_is_sent_and_at_the_same_time()
    {
        var (jo, payment) = await Started(25);
        var message = Signed(Event(payment, 25));

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Send(message)));
        var later = await Send(Signed(message.Body, message.Id, seconds: Now + 60));

        answers.ShouldAllBe(a => a.Code == 200 && a.Text == answers[0].Text);
        later.Text.ShouldBe(answers[0].Text, "the provider may send it again, newly signed");
        (await jo.Balance()).ShouldBe(25m);
    }

    [Fact]
    public async Task Security26_a_payment_is_paid_once_by_however_many_events()
    {
        var (jo, payment) = await Started(25);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Send(Signed(Event(payment, 25)))));

        answers.ShouldAllBe(a => a.Code == 200);
        (await jo.Balance()).ShouldBe(25m);
    }

    [Fact]
    public async Task A_payment_that_met_a_full_wallet_is_taken_when_there_is_room()
    {
        var (jo, payment) = await Started(25);
        (await jo.TopsUp(10_000_000_000m)).Must(201);
        var message = Signed(Event(payment, 25));
        (await Send(message)).Refuses(409, "wallet_full");

        (await jo.Post("customers", $"/api/v2/customers/{jo.Username}/wallet/withdrawals", new { amount = Person.Money(25) })).Must(201);
        var (again, later) = (await Send(message), await Send(message));

        (again.Code, again.Of("status"), later.Text).ShouldBe((200, "succeeded", again.Text));
        (await jo.Balance()).ShouldBe(10_000_000_000m);
    }

    [Fact]
    public async Task Security26_an_identifier_with_another_content_is_refused()
    {
        var ((jo, first), (_, second)) = (await Started(25), await Started(30));
        var message = Signed(Event(first, 25));
        (await Send(message)).Must(200);

        (await Send(Signed(Event(second, 30), message.Id))).Refuses(422, "idempotency_key_reused");
        (await jo.Balance()).ShouldBe(25m);
    }

    [Theory]
    [InlineData("no signature")]
    [InlineData("no id")]
    [InlineData("no time")]
    [InlineData("another body")]
    [InlineData("another id")]
    [InlineData("another time")]
    [InlineData("another secret")]
    [InlineData("another scheme")]
    [InlineData("half a signature")]
    [InlineData("more than a signature")]
    [InlineData("too old")]
    [InlineData("too new")]
    [InlineData("before time began")]
    [InlineData("beyond all time")]
    public async Task Security26_what_is_not_signed_as_it_must_be_is_refused_and_does_nothing(string trouble)
    {
        var (jo, payment) = await Started(25);
        var right = Signed(Event(payment, 25));
        var broken = trouble switch
        {
            "no signature" => right with { Signature = "" },
            "no id" => Signed(right.Body, ""),
            "no time" => right with { Time = "" },
            "another body" => right with { Body = Event(payment, 25).Replace("25.00", "25.0", StringComparison.Ordinal) },
            "another id" => right with { Id = "evt-other" },
            "another time" => right with { Time = (Now + 1).ToString(CultureInfo.InvariantCulture) },
            "another secret" => Signed(right.Body, secret: Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
            "another scheme" => right with { Signature = right.Signature.Replace("v1,", "v1a,", StringComparison.Ordinal) },
            "half a signature" => right with { Signature = "v1," + Convert.ToBase64String(Convert.FromBase64String(right.Signature[3..])[..16]) },
            "more than a signature" => right with { Signature = "v1," + Convert.ToBase64String([.. Convert.FromBase64String(right.Signature[3..]), 0]) },
            "too old" => Signed(right.Body, seconds: Now - 302),
            "too new" => Signed(right.Body, seconds: Now + 302),
            "before time began" => Signed(right.Body, seconds: -1),
            _ => right with { Time = long.MaxValue.ToString(CultureInfo.InvariantCulture) },
        };

        (await Send(broken)).Refuses(401, "signature_invalid");
        (await jo.Balance()).ShouldBe(0m);
        (await Send(right)).Code.ShouldBe(200, "the identifier is not spent by what was refused");
    }

    [Fact]
    public async Task Security26_one_right_signature_among_several_will_do_so_that_secrets_can_change()
    {
        var (_, payment) = await Started(25);
        var right = Signed(Event(payment, 25));
        var other = Signed(right.Body, right.Id, secret: Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));

        (await Send(right with { Signature = $"{other.Signature} v9,abc {right.Signature}" })).Must(200);
    }

    [Fact]
    public async Task An_event_within_five_minutes_counts()
    {
        var ((_, early), (_, late)) = (await Started(5), await Started(5));

        (await Send(Signed(Event(early, 5), seconds: Now - 290))).Must(200);
        (await Send(Signed(Event(late, 5), seconds: Now + 290))).Must(200);
    }

    [Fact]
    public async Task An_event_must_be_about_a_payment_and_its_amount()
    {
        var (jo, payment) = await Started(25);

        (await Send(Signed(Event(payment, 26)))).Refuses(409, "payment_differs");
        (await Send(Signed(Event(Guid.CreateVersion7().ToString(), 25)))).Refuses(404, "payment_not_found");
        (await Send(Signed("""{"type":"payment_lost"}"""))).Refuses(422, "validation_failed");
        (await Send(Signed("{"))).Refuses(400, "malformed_json");
        (await Send(Signed($$"""{"a":"{{new string('a', 70_000)}}"}"""))).Refuses(413, "body_too_large");
        (await jo.Balance()).ShouldBe(0m);
    }

    [Fact]
    public async Task Money_for_somebody_who_left_goes_straight_back()
    {
        var (jo, payment) = await Started(25);
        (await jo.Delete("customers", $"/api/v2/customers/{jo.Username}")).Must(204);

        (await Send(Signed(Event(payment, 25)))).Must(200);

        (await shop.Storage.Number("customers", "SELECT coalesce(sum(balance), 0) FROM wallets WHERE closed AND balance <> 0")).ShouldBe(0);
        (await shop.Storage.Number("customers", "SELECT coalesce(sum(amount), 0) FROM ledger_entries")).ShouldBe(0);
    }

    [Fact]
    public async Task A_payment_is_its_customers_alone_and_twenty_may_be_open()
    {
        var (jo, payment) = await Started(25);
        var other = await shop.NewCustomer();
        (await other.Get("customers", Path(jo, payment))).Problem.ShouldBe("customer_not_found");
        (await other.Get("customers", Path(other, payment))).Problem.ShouldBe("payment_not_found");
        for (var i = 1; i < 20; i++)
        {
            (await Start(jo, 1)).Must(201);
        }

        (await Start(jo, 1)).Refuses(409, "payment_limit");
    }

    private long Now => shop.Clock.GetUtcNow().ToUnixTimeSeconds();

    private static string Path(Person who, string payment) => $"/api/v2/customers/{who.Username}/wallet/payments/{payment}";

    private static string Event(string payment, decimal amount, string type = "payment_succeeded") =>
        JsonSerializer.Serialize(new { type, payment_id = payment, amount = Person.Money(amount) });

    /// <summary>Signs as Standard Webhooks describes it, by the framework's own HMAC and not by Souk's code.</summary>
    private Message Signed(string body, string? id = null, long? seconds = null, string? secret = null)
    {
        var (name, time) = (id ?? $"evt-{Guid.CreateVersion7()}", (seconds ?? Now).ToString(CultureInfo.InvariantCulture));
        var key = Convert.FromBase64String(secret ?? TestShop.PaymentSecret["whsec_".Length..]);
        return new Message(name, time, $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{name}.{time}.{body}")))}", body);
    }

    private static Task<Answer> Start(Person who, decimal amount) => who.Post("customers", $"/api/v2/customers/{who.Username}/wallet/payments", new { amount = Person.Money(amount) });

    private async Task<(Person Who, string Payment)> Started(decimal amount)
    {
        var who = await shop.NewCustomer();
        var started = await Start(who, amount);
        Assert.True(started.Code == 201, started.Text);
        return (who, started.Of("id"));
    }

    private async Task<Answer> Send(Message message)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v2/payments/events") { Content = new StringContent(message.Body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("webhook-id", message.Id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", message.Time);
        request.Headers.TryAddWithoutValidation("webhook-signature", message.Signature);
        using var response = await shop.Http("customers").SendAsync(request);
        return await Answer.Read(response);
    }

    private sealed record Message(string Id, string Time, string Signature, string Body);
}
