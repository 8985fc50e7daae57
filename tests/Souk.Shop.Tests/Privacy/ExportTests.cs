using Souk.Testing;

namespace Souk.Tests.Privacy;

/// <summary>A customer takes all their data out: one JSON over all services.</summary>
[Trait("security", "31")]
public sealed class ExportTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Security31_an_export_has_everything_of_all_services()
    {
        var trace = await Trace.Leave(_shop);
        var jo = trace.Person;

        await jo.Post("customers", $"/api/v2/customers/{jo.Username}/wallet/payments", new { amount = new { amount = "7.00", currency = "USD" } });
        var started = await jo.Post("customers", $"/api/v2/customers/{jo.Username}/exports", key: "exports");
        started.Code.ShouldBe(202, started.Text);
        var data = await Collected(jo, Location(started));

        data.Of("customers.account.0.name").ShouldBe(trace.Words[1]);
        data.Of("customers.account.0.address").ShouldBe(trace.Words[2]);
        data.Of("customers.wallet.0.balance.amount").ShouldBe("90.00");
        data["customers.wallet_entries"].EnumerateArray().Select(e => e.GetProperty("kind").GetString()).ShouldBe(["top_up", "purchase", "purchase", "refund"]);
        data.Of("customers.payments.0.amount.amount").ShouldBe("7.00");
        data["customers.second_factor.0.enabled"].GetBoolean().ShouldBeFalse();
        data["customers.sessions"].EnumerateArray().Select(s => s.GetProperty("address").GetString()).ShouldBe(["127.0.0.1"]);
        data["sales.orders"].EnumerateArray().Select(o => o.GetProperty("status").GetString()).ShouldBe(["confirmed", "cancelled"]);
        data.Of("sales.orders.0.id").ShouldBe(trace.Order);
        data.Of("sales.cart.0.quantity").ShouldBe("3");
        data.Of("reviews.reviews.0.comment").ShouldBe(trace.Words[3]);
        data.Of("reviews.reports.0.note").ShouldBe(trace.Words[4]);
    }

    [Fact]
    public async Task Security31_a_service_that_is_down_is_asked_again_also_by_the_next_process()
    {
        var trace = await Trace.Leave(_shop);
        var jo = trace.Person;
        await _shop.Stop("sales");

        var at = Location(await jo.Post("customers", $"/api/v2/customers/{jo.Username}/exports"));
        await TestShop.Eventually(async () => Part(await jo.Get("customers", at), "sales").Problem == "dependency_unavailable", "it is told which service is away");
        (await jo.Get("customers", at)).Of("status").ShouldBe("collecting");
        await TestShop.Eventually(async () => Part(await jo.Get("customers", at), "reviews").Done, "the others are asked all the same");
        (await jo.Get("customers", $"{at}/data")).Refuses(409, "export_not_ready");
        await _shop.Stop("customers");
        await _shop.StartAgain("customers");
        await _shop.StartAgain("sales");
        _shop.Clock.Advance(TimeSpan.FromMinutes(5));

        var data = await Collected(jo, at);
        data["sales.orders"].GetArrayLength().ShouldBe(2);
        data["customers.wallet_entries"].GetArrayLength().ShouldBe(4);
        data.Text.Split("\"wallet_entries\"").Length.ShouldBe(2, "nothing is collected twice");
        data["reviews.reviews"].GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Security31_what_needs_several_pages_comes_whole_and_once()
    {
        var jo = await _shop.NewCustomer();
        const int Entries = 450;
        await Parallel.ForAsync(0, Entries, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, _) => (await jo.TopsUp(0.01m)).Code.ShouldBe(201));

        var data = await Collected(jo, Location(await jo.Post("customers", $"/api/v2/customers/{jo.Username}/exports")));

        data["customers.wallet_entries"].EnumerateArray().Select(e => e.GetProperty("id").GetInt64()).Distinct().Count().ShouldBe(Entries);
        data["customers.wallet_entries"].GetArrayLength().ShouldBe(Entries);
    }

    [Fact]
    public async Task Security31_an_export_is_its_customers_alone()
    {
        var (jo, other) = (await _shop.NewCustomer(), await _shop.NewCustomer());
        var started = await _shop.Admin.Post("customers", $"/api/v2/customers/{jo.Username}/exports");
        started.Code.ShouldBe(202, "an admin may start it");
        var at = Location(started);
        await Collected(jo, at);

        (await _shop.Admin.Get("customers", at)).Of("status").ShouldBe("ready", "and follow it");
        (await _shop.Admin.Get("customers", $"{at}/data")).Refuses(404, "export_not_found");
        foreach (var path in new[] { at, $"{at}/data" })
        {
            (await other.Get("customers", path)).Refuses(404, "customer_not_found");
            (await other.Get("customers", path.Replace(jo.Username, other.Username, StringComparison.Ordinal))).Refuses(404, "export_not_found");
            (await _shop.Visitor.Get("customers", path)).Refuses(401, "unauthenticated");
        }

        (await other.Post("customers", $"/api/v2/customers/{jo.Username}/exports")).Refuses(404, "customer_not_found");
    }

    [Fact]
    public async Task Security31_exports_are_encrypted_and_gone_after_a_week()
    {
        var jo = await _shop.NewCustomer();
        var at = Location(await jo.Post("customers", $"/api/v2/customers/{jo.Username}/exports"));
        await Collected(jo, at);
        (await _shop.Storage.Number("customers", "SELECT count(*) FROM export_pages")).ShouldBe(10, "a page for each kind of thing");
        (await _shop.Storage.Number("customers", "SELECT count(*) FROM export_pages WHERE items LIKE '%[%'")).ShouldBe(0, "JSON would show");

        _shop.Clock.Advance(TimeSpan.FromDays(8));

        await TestShop.Eventually(async () => await _shop.Storage.Number("customers", "SELECT count(*) FROM export_pages") == 0, "the pages go");
        (await (await _shop.SignsIn(jo.Username, TestShop.Password)).Get("customers", at)).Refuses(404, "export_not_found");
    }

    [Fact]
    public async Task Security31_one_is_collected_at_a_time_and_the_next_replaces_it()
    {
        var jo = await _shop.NewCustomer();
        await _shop.Stop("reviews");
        var first = Location(await jo.Post("customers", $"/api/v2/customers/{jo.Username}/exports"));
        Location(await jo.Post("customers", $"/api/v2/customers/{jo.Username}/exports")).ShouldBe(first);
        await _shop.StartAgain("reviews");
        _shop.Clock.Advance(TimeSpan.FromMinutes(5));
        await Collected(jo, first);

        var second = Location(await jo.Post("customers", $"/api/v2/customers/{jo.Username}/exports"));

        second.ShouldNotBe(first);
        (await jo.Get("customers", first)).Refuses(404, "export_not_found");
        await Collected(jo, second);
    }

    [Fact]
    public async Task Security31_what_can_not_be_collected_in_a_day_is_given_up()
    {
        var jo = await _shop.NewCustomer();
        await _shop.Stop("reviews");
        var at = Location(await jo.Post("customers", $"/api/v2/customers/{jo.Username}/exports"));

        _shop.Clock.Advance(TimeSpan.FromHours(25));
        jo = await _shop.SignsIn(jo.Username, TestShop.Password);

        await TestShop.Eventually(async () => (await jo.Get("customers", at)).Of("status") == "failed", "it is given up");
        (await jo.Get("customers", $"{at}/data")).Refuses(409, "export_not_ready");
    }

    private static string Location(Answer answer)
    {
        answer.Code.ShouldBe(202, answer.Text);
        return answer.Headers.Location!.ToString();
    }

    private static (bool Done, string? Problem) Part(Answer answer, string service)
    {
        var part = answer["parts"].EnumerateArray().Single(p => p.GetProperty("service").GetString() == service);
        return (part.GetProperty("done").GetBoolean(), part.GetProperty("problem").GetString());
    }

    private static async Task<Answer> Collected(Person jo, string at)
    {
        await TestShop.Eventually(async () => (await jo.Get("customers", at)).Of("status") == "ready", "the export is ready");
        var data = await jo.Get("customers", $"{at}/data");
        (data.Code, data.ContentType).ShouldBe((200, "application/json"), data.Text);
        data.Headers.CacheControl!.NoStore.ShouldBeTrue();
        return data;
    }
}
