using Souk.Testing;

namespace Souk.Tests.Audit;

/// <summary>What the audit log holds of what people do, and how it is read.</summary>
[Trait("security", "27")]
public class AuditEntryTests(TestShop shop)
{
    [Fact]
    public async Task Security27_every_change_tells_who_what_when_from_where_and_under_which_trace()
    {
        var (jo, before) = (await shop.NewCustomer(), shop.Clock.GetUtcNow());
        (await jo.TopsUp(100)).Must(201);

        var entry = (await Read("customers", $"who={jo.Id}&operation=top-ups"))["items.0"];

        entry.GetProperty("operation").GetString().ShouldBe("POST /api/v2/customers/{username}/wallet/top-ups");
        entry.GetProperty("outcome").GetString().ShouldBe("done");
        entry.GetProperty("address").GetString().ShouldBe("127.0.0.1");
        entry.GetProperty("trace_id").GetString()!.Length.ShouldBe(32);
        entry.GetProperty("at").GetDateTimeOffset().ShouldBeInRange(before, shop.Clock.GetUtcNow());
        var changes = entry.GetProperty("changes").EnumerateArray().Select(c => c.GetString()!).ToArray();
        changes.Count(c => c.StartsWith("ledger_entries ", StringComparison.Ordinal) && c.EndsWith(": added", StringComparison.Ordinal)).ShouldBe(2);
        changes.ShouldContain("wallets: 1 row");
    }

    [Fact]
    public async Task Security27_a_purchase_stands_in_three_logs_under_one_trace()
    {
        var (jo, product) = (await shop.NewCustomer(money: 100), await shop.NewProduct());
        var order = (await jo.Buys(product)).Of("id");

        var entries = (await Task.WhenAll(new[] { "sales", "customers", "inventory" }.Select(s => Read(s, $"subject={order}")))).Select(a => a["items.0"]).ToArray();

        entries.Select(e => e.GetProperty("who").GetString()).ShouldBe([$"{jo.Id}", "service:sales", "service:sales"]);
        entries.Select(e => e.GetProperty("operation").GetString()).ShouldBe(["POST /api/v2/orders", "POST /internal/holds", "POST /internal/holds"]);
        entries.Select(e => e.GetProperty("changes")[0].GetString()).ShouldBe(["sale decided", "money held", "stock held"]);
        entries.Select(e => e.GetProperty("trace_id").GetString()).Distinct().Count().ShouldBe(1);

        (await jo.Post("sales", $"/api/v2/orders/{order}/cancellation")).Must(200);
        await TestShop.Eventually(async () => (await Read("customers", $"subject={order}")).Text.Contains("hold given back", StringComparison.Ordinal), "the money's way back stands in the log");
    }

    [Fact]
    public async Task Security27_a_repeated_purchase_is_one_change_and_a_refused_one_is_written_with_its_reason()
    {
        var (jo, product) = (await shop.NewCustomer(money: 10), await shop.NewProduct(price: 10));
        var order = (await jo.Buys(product, 1, key: "once")).Of("id");
        (await jo.Buys(product, 1, key: "once")).Of("id").ShouldBe(order);
        var refused = await jo.Buys(product);
        refused.Problem.ShouldBe("insufficient_funds");

        (await Read("sales", $"subject={order}"))["items"].GetArrayLength().ShouldBe(1);
        (await Read("customers", $"subject={order}"))["items"].GetArrayLength().ShouldBe(1);
        (await jo.Get("sales", "/api/v2/carts/admin")).Must(404);
        await TestShop.Eventually(async () => (await Read("sales", $"who={jo.Id}&outcome=customer_not_found"))["items"].GetArrayLength() == 1, "a later refusal stands in the log");
        (await Read("sales", $"who={jo.Id}&outcome=insufficient_funds"))["items"].GetArrayLength().ShouldBe(1, "it is written with the decision, and not once more as a refusal");
        (await Read("sales", $"who={jo.Id}&outcome=done"))["items"].GetArrayLength().ShouldBe(1, "only the first was done");
        var entry = (await Read("sales", $"who={jo.Id}&outcome=insufficient_funds"))["items.0"];
        entry.GetProperty("trace_id").GetString().ShouldBe(refused.Of("trace_id"));
    }

    [Theory]
    [InlineData("visitor", "GET", "customers", "/api/v2/customers", 401, "unauthenticated")]
    [InlineData("jo", "GET", "customers", "/api/v2/customers", 403, "forbidden")]
    [InlineData("jo", "GET", "customers", "/api/v2/customers/admin/wallet", 404, "customer_not_found")]
    [InlineData("jo", "POST", "sales", "/api/v2/orders", 422, "validation_failed")]
    [InlineData("jo", "DELETE", "inventory", "/api/v2/products/1", 403, "forbidden")]
    [InlineData("visitor", "POST", "customers", "/api/v2/tokens", 401, "invalid_credentials")]
    [InlineData("jo", "POST", "reviews", "/api/v2/reviews", 404, "product_not_found")]
    public async Task Security27_every_refusal_is_an_entry(string who, string method, string service, string path, int status, string code)
    {
        var caller = who == "jo" ? await shop.NewCustomer() : shop.Visitor;
        object? body = path.EndsWith("tokens", StringComparison.Ordinal) ? new { username = shop.NewName(), password = "wrong" }
            : path.EndsWith("orders", StringComparison.Ordinal) ? new { lines = Array.Empty<object>() }
            : path.EndsWith("reviews", StringComparison.Ordinal) ? new { product_id = 999_999_999, rating = 5, comment = "Never seen." } : null;

        var refused = await caller.Send(new HttpMethod(method), service, path, body);

        (refused.Code, refused.Problem).ShouldBe((status, code));
        var trace = refused.Of("trace_id");
        await TestShop.Eventually(async () => (await Read(service, $"trace_id={trace}"))["items"].GetArrayLength() == 1, "the refusal stands in the log");
        var entry = (await Read(service, $"trace_id={trace}"))["items.0"];
        entry.GetProperty("outcome").GetString().ShouldBe(code);
        entry.GetProperty("who").GetString().ShouldBe(who == "jo" ? $"{caller.Id}" : "anonymous");
        entry.GetProperty("address").GetString().ShouldBe("127.0.0.1");
    }

    [Fact]
    public async Task Security27_the_first_contracts_refusals_stand_there_too()
    {
        var (jo, other) = (await shop.NewCustomer(), await shop.NewCustomer());

        var refused = await jo.Put("customers", $"/api/v1/customer/wallet/{other.Username}/charge", new { amount = 5 });

        refused.Must(403);
        await TestShop.Eventually(async () => (await Read("customers", $"who={jo.Id}&outcome=forbidden"))["items"].GetArrayLength() == 1, "the refusal stands in the log");
        (await Read("customers", $"who={jo.Id}"))["items.0"].GetProperty("trace_id").GetString().ShouldBe(refused.Headers.GetValues("Trace-Id").ShouldHaveSingleItem());
    }

    [Fact]
    public async Task Security27_a_flood_of_one_refusal_is_few_entries_and_none_is_lost()
    {
        var jo = await shop.NewCustomer();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => jo.Get("sales", $"/api/v2/carts/admin")));

        long[] times = [];
        await TestShop.Eventually(
            async () =>
            {
                times = [.. (await Read("sales", $"who={jo.Id}&limit=100"))["items"].EnumerateArray().Select(i => i.GetProperty("times").GetInt64())];
                return times.Sum() == 200;
            },
            "all refusals are counted");

        times.Length.ShouldBeLessThan(50);
    }

    [Fact]
    public async Task Security27_a_name_in_a_path_is_found_and_not_told()
    {
        var (jo, other) = (await shop.NewCustomer(), await shop.NewCustomer());
        var refused = await jo.Get("customers", $"/api/v2/customers/{other.Username}/wallet");
        refused.Must(404);

        await TestShop.Eventually(async () => (await Read("customers", $"subject={other.Username}&who={jo.Id}"))["items"].GetArrayLength() == 1, "it is found by the name");
        (await Read("customers", $"who={jo.Id}")).Text.ShouldNotContain(other.Username);
        (await shop.Storage.Number("customers", $"SELECT COUNT(*) FROM audit_blocks WHERE entries LIKE '%{other.Username}\"%'")).ShouldBe(0);
    }

    [Fact]
    public async Task Security27_it_is_read_page_by_page_and_between_times()
    {
        var jo = await shop.NewCustomer();
        for (var i = 0; i < 5; i++)
        {
            (await jo.TopsUp(1 + i)).Must(201);
        }

        var (seen, next) = (new List<string>(), (string?)"");
        while (next is not null)
        {
            var page = await Read("customers", $"who={jo.Id}&operation=top-ups&limit=2{(next.Length == 0 ? "" : $"&after={next}")}");
            seen.AddRange(page["items"].EnumerateArray().Select(i => i.GetProperty("trace_id").GetString()!));
            next = page["next"].GetString();
        }

        seen.Count.ShouldBe(5);
        seen.Distinct().Count().ShouldBe(5);
        var middle = (await Read("customers", $"trace_id={seen[2]}"))["items.0.at"].GetDateTimeOffset();
        (await Read("customers", $"who={jo.Id}&operation=top-ups&from={Iso(middle)}"))["items"].GetArrayLength().ShouldBe(3);
        (await Read("customers", $"who={jo.Id}&operation=top-ups&to={Iso(middle)}"))["items"].GetArrayLength().ShouldBe(2);
    }

    [Theory]
    [InlineData("from=yesterday", "from")]
    [InlineData("trace_id=12", "trace_id")]
    [InlineData("after=nonsense", "after")]
    [InlineData("colour=red", "colour")]
    public async Task Security27_a_filter_that_cant_be_read_is_named(string query, string field)
    {
        var refused = await Read("sales", query);

        (refused.Code, refused.Of("errors.0.field")).ShouldBe((422, field));
    }

    private static string Iso(DateTimeOffset time) => Uri.EscapeDataString(time.UtcDateTime.ToString("O"));

    private Task<Answer> Read(string service, string query) => shop.Admin.Get(service, $"/api/v2/audit?{query}");
}
