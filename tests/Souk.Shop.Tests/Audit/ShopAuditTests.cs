using Souk.Testing;

namespace Souk.Tests.Audit;

/// <summary>All services' audit logs as one, in a shop of its own, because one of its services goes away.</summary>
[Trait("security", "27")]
public sealed class ShopAuditTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Security27_one_place_reads_all_services_logs_and_says_which_is_missing()
    {
        var (jo, product) = (await _shop.NewCustomer(money: 100), await _shop.NewProduct());
        var order = await jo.Buys(product);
        (await jo.Reviews(product)).Must(201);

        (await Everything("limit=3")).ShouldBe(await Everything("limit=100"));
        var services = (await Everything("limit=100")).Select(e => e.Split(' ')[0]).Distinct();
        services.ShouldBe(["customers", "sales", "inventory", "reviews"], ignoreOrder: true);
        (await Everything($"who={jo.Username}")).Select(e => e.Split(' ')[0]).Distinct().ShouldBe(["customers", "sales", "reviews"], ignoreOrder: true);
        (await Everything($"subject={order.Of("id")}")).Count.ShouldBe(3);

        await _shop.Stop("reviews");
        var page = await _shop.Admin.Get("customers", "/api/v2/audit/shop?limit=100");
        page["missing"].EnumerateArray().Select(m => m.GetString()).ShouldBe(["reviews"]);
        await _shop.StartAgain("reviews");
        var rest = await _shop.Admin.Get("customers", $"/api/v2/audit/shop?limit=100&after={page.Of("next")}");
        rest["items"].EnumerateArray().Select(i => i.GetProperty("service").GetString()).Distinct().ShouldBe(["reviews"]);
    }

    private async Task<List<string>> Everything(string query)
    {
        var (entries, next) = (new List<string>(), (string?)"");
        while (next is not null)
        {
            var page = await _shop.Admin.Get("customers", $"/api/v2/audit/shop?{query}{(next.Length == 0 ? "" : $"&after={next}")}");
            page.Code.ShouldBe(200, page.Text);
            var times = page["items"].EnumerateArray().Select(i => i.GetProperty("at").GetDateTimeOffset()).ToArray();
            times.ShouldBe(times.OrderDescending());
            entries.AddRange(page["items"].EnumerateArray().Select(i => $"{i.GetProperty("service")} {i.GetProperty("block")} {i.GetProperty("operation")} {i.GetProperty("trace_id")}"));
            next = page["next"].GetString();
        }

        return entries;
    }
}
