using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Souk.Testing;

namespace Souk.Tests.Logging;

/// <summary>What becomes of errors that nobody expected: callers learn nothing inside, admins see them in groups, a collector gets them.</summary>
[Trait("security", "25")]
public sealed class UnexpectedErrorTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _collected = [];
    private readonly WebApplication _collector;
    private readonly TestShop _shop;

    public UnexpectedErrorTests()
    {
        var address = $"http://127.0.0.1:{FreePort.Some(1)[0]}";
        var builder = WebApplication.CreateSlimBuilder();
        _collector = builder.Build();
        _collector.Urls.Add(address);
        _collector.MapPost("/{**path}", async (HttpRequest request, string path) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            _collected.Enqueue((path, body.ToArray()));
        });
        _shop = new TestShop().With("Otlp:Endpoint", address);
    }

    public async ValueTask InitializeAsync()
    {
        await _collector.StartAsync();
        await _shop.InitializeAsync();
        await _shop.Storage.Run("inventory", "ALTER TABLE products RENAME TO products_gone");
    }

    public async ValueTask DisposeAsync()
    {
        await _shop.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Fact]
    public async Task Security25_callers_see_no_stack_no_SQL_and_no_version()
    {
        foreach (var path in new[] { "/api/v2/products/1", "/api/v1/inventory/1", "/api/v2/products" })
        {
            var broken = await _shop.Visitor.Get("inventory", path);
            broken.Must(500);
            foreach (var inside in new[] { "SQL", "products_gone", "no such table", "relation", "Exception", "   at ", "Souk.", ".cs", "Npgsql", "10.0" })
            {
                broken.Text.ShouldNotContain(inside, Case.Insensitive);
            }

            broken.Headers.Contains("Server").ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Unexpected_errors_are_grouped_with_count_times_and_a_trace()
    {
        var before = _shop.Clock.GetUtcNow();
        await _shop.Visitor.Get("inventory", "/api/v2/products/1");
        var last = await _shop.Visitor.Get("inventory", "/api/v2/products/2");
        await _shop.Admin.Delete("inventory", "/api/v2/products/1");

        var groups = (await _shop.Admin.Get("inventory", "/api/v2/errors"))["items"].EnumerateArray().ToArray();
        var reading = groups.Single(g => g.GetProperty("operation").GetString() == "GET /api/v2/products/{id}");
        reading.GetProperty("count").GetInt64().ShouldBe(2);
        reading.GetProperty("sample_trace").GetString().ShouldBe(last.Of("trace_id"));
        reading.GetProperty("place").GetString()!.ShouldStartWith("Souk.Inventory.Products.");
        reading.GetProperty("first_seen").GetDateTimeOffset().ShouldBeInRange(before, reading.GetProperty("last_seen").GetDateTimeOffset());
        groups.ShouldContain(g => g.GetProperty("operation").GetString() == "DELETE /api/v2/products/{id}");
        groups.Select(g => g.GetProperty("fingerprint").GetString()).ShouldBeUnique();

        var first = await _shop.Admin.Get("inventory", "/api/v2/errors?limit=1");
        var second = await _shop.Admin.Get("inventory", $"/api/v2/errors?limit=1&after={first.Of("next")}");
        second.Of("items.0.fingerprint").ShouldNotBe(first.Of("items.0.fingerprint"));
        (await (await _shop.NewCustomer()).Get("inventory", "/api/v2/errors")).Must(403);
    }

    [Fact]
    public async Task Unexpected_errors_of_all_services_are_one_list_that_says_who_did_not_answer()
    {
        await _shop.Storage.Run("reviews", "ALTER TABLE reviews RENAME TO reviews_gone");
        await _shop.Visitor.Get("inventory", "/api/v2/products/1");
        (await _shop.Admin.Get("reviews", "/api/v2/reviews")).Must(500);

        var all = await _shop.Admin.Get("customers", "/api/v2/errors/shop?limit=100");
        string[] seen = [.. all["items"].EnumerateArray().Select(g => $"{g.GetProperty("service").GetString()} {g.GetProperty("operation").GetString()}")];
        seen.ShouldContain("reviews GET /api/v2/reviews");
        seen.ShouldContain("inventory GET /api/v2/products/{id}");
        all["items"].EnumerateArray().Select(g => g.GetProperty("last_seen").GetDateTimeOffset()).ShouldBeInOrder(SortDirection.Descending);
        all["missing"].GetArrayLength().ShouldBe(0);

        var paged = new List<string>();
        for (var next = ""; next is not null;)
        {
            var page = await _shop.Admin.Get("customers", $"/api/v2/errors/shop?limit=1{next}");
            paged.AddRange(page["items"].EnumerateArray().Select(g => $"{g.GetProperty("service").GetString()} {g.GetProperty("operation").GetString()}"));
            next = page["next"].GetString() is { } after ? $"&after={after}" : null;
        }

        paged.ShouldBe(seen);
        await _shop.Stop("reviews");
        (await _shop.Admin.Get("customers", "/api/v2/errors/shop")).Of("missing.0").ShouldBe("reviews");
        (await (await _shop.NewCustomer()).Get("customers", "/api/v2/errors/shop")).Must(403);
    }

    [Fact]
    public async Task An_exception_goes_out_by_OTLP_with_its_type_and_its_trace()
    {
        var trace = Convert.FromHexString((await _shop.Visitor.Get("inventory", "/api/v2/products/1")).Of("trace_id"));

        await TestShop.Eventually(() => Task.FromResult(_collected.Any(c => c.Path == "v1/logs" && c.Body.AsSpan().IndexOf(trace) >= 0)), "the exception arrives");

        var sent = Encoding.UTF8.GetString(_collected.First(c => c.Body.AsSpan().IndexOf(trace) >= 0).Body);
        sent.ShouldContain("exception.type");
        sent.ShouldContain("exception.stacktrace");
        sent.ShouldContain("souk-inventory");
    }
}
