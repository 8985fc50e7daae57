using Souk.Testing;

namespace Souk.Tests.Hostile;

/// <summary>What browsers are told about answers, whoever asked for what.</summary>
public class BrowserTests(TestShop shop)
{
    [Fact]
    public async Task Security23_every_answer_is_data_to_a_browser_and_personal_ones_are_kept_by_nobody()
    {
        var untouched = await Stage.Set(shop);
        foreach (var operation in await DocumentedOperation.All(shop))
        {
            // Some end the owner's sessions or the owner, and the next would meet nobody.
            var stage = operation.Method == HttpMethod.Get ? untouched : await Stage.Set(shop, ownWebhook: operation.Id == "delete_v2_webhooks_by_id");
            foreach (var caller in new[] { shop.Visitor, stage.CallerOf(operation) })
            {
                var answer = await operation.Call(stage, caller);
                IsData(answer, $"{operation}");
                // The key set is the same for everybody, and says for how long it may be kept.
                if ((caller.Token is not null || operation.Method != HttpMethod.Get) && operation.Path != "/.well-known/jwks.json")
                {
                    answer.Headers.CacheControl!.NoStore.ShouldBeTrue($"{operation} is not for caches");
                }
            }
        }

        IsData(await shop.Visitor.Get("sales", "/api/v2/<script>alert(1)</script>"), "a path that is not served");
        IsData(await shop.Visitor.Post("sales", "/api/v1/sales/purchase/<b>/1", "<script>"), "a body that is no JSON");
    }

    [Fact]
    public async Task Security23_the_API_page_runs_its_own_files_and_nothing_else()
    {
        foreach (var service in Shop.Services.Select(s => s.Name))
        {
            var page = await shop.Visitor.Get(service, "/docs/index.html");

            var policy = page.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
            policy.ShouldContain("default-src 'none'; script-src 'self';");
            policy.ShouldContain("frame-ancestors 'none'");
            page.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            var scripts = page.Text.Split("<script")[1..];
            scripts.Length.ShouldBeGreaterThan(1);
            scripts.ShouldAllBe(s => s.StartsWith(" src=\"", StringComparison.Ordinal) && s.Contains("></script>", StringComparison.Ordinal), "no script stands in the page itself, so the policy needs no 'unsafe-inline'");
            page.Text.ShouldNotContain(" on", Case.Sensitive, "nor does one stand in an attribute");
        }
    }

    [Fact]
    public async Task Security23_TRACE_is_off_and_echoes_nothing()
    {
        foreach (var operation in (await DocumentedOperation.All(shop)).DistinctBy(o => (o.Service, o.Path)))
        {
            using var request = new HttpRequestMessage(HttpMethod.Trace, operation.Path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal));
            request.Headers.Add("X-Marked", "a-cookie-of-somebody");
            using var response = await shop.Http(operation.Service).SendAsync(request);

            var answer = await Answer.Read(response);
            answer.Code.ShouldBeOneOf(404, 405);
            answer.Text.ShouldNotContain("a-cookie-of-somebody");
        }
    }

    [Fact]
    public async Task Security23_other_sites_read_answers_only_when_they_are_listed()
    {
        await using var open = new TestShop().With("Souk:CorsOrigins", "https://shop.example, https://admin.shop.example");
        await open.InitializeAsync();
        foreach (var path in new[] { "/api/v2/products", "/api/v1/inventory/1" })
        {
            var listed = await Ask(open, HttpMethod.Get, path, "https://shop.example");
            listed.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["https://shop.example"]);
            listed.Headers.GetValues("Access-Control-Expose-Headers").ShouldHaveSingleItem().Split(',').ShouldBe(["ETag", "Location", "Retry-After", "WWW-Authenticate", "RateLimit", "RateLimit-Policy", "Trace-Id"], ignoreOrder: true);
            listed.Headers.Vary.ShouldContain("Origin");
            listed.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse("tokens are sent by hand, cookies there are none");
            (await Ask(open, HttpMethod.Options, path, "https://admin.shop.example")).Headers.GetValues("Access-Control-Allow-Methods").ShouldHaveSingleItem().ShouldContain("PATCH");

            foreach (var stranger in new[] { "https://evil.example", "http://shop.example", "https://shop.example.evil.example", "null" })
            {
                (await Ask(open, HttpMethod.Get, path, stranger)).Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse(stranger);
                (await Ask(open, HttpMethod.Options, path, stranger)).Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse(stranger);
            }
        }

        (await Ask(shop, HttpMethod.Get, "/api/v2/products", "https://shop.example")).Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse("nobody is listed unless somebody is");
    }

    [Fact]
    public async Task Security23_who_came_by_https_is_told_to_stay_there()
    {
        await using var behind = new TestShop().With("Souk:Proxies", "127.0.0.1");
        await behind.InitializeAsync();
        foreach (var path in new[] { "/api/v2/products", "/api/v1/inventory/1", "/docs/index.html" })
        {
            (await Secure(behind, path)).Headers.GetValues("Strict-Transport-Security").ShouldBe(["max-age=31536000"]);
            (await Secure(shop, path)).Headers.Contains("Strict-Transport-Security").ShouldBeFalse("a client's word for it is no https");
        }
    }

    /// <summary>No browser runs anything of it, whatever it is taken for.</summary>
    internal static void IsData(Answer answer, string what)
    {
        what = $"{what}: {answer.Code} {answer.Text}";
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"], what);
        answer.Headers.GetValues("Content-Security-Policy").ShouldBe(["default-src 'none'; frame-ancestors 'none'"], what);
        (answer.ContentType ?? "").ShouldNotMatch("html|xml|script|^text/", what);
        answer.Headers.Contains("Server").ShouldBeFalse(what);
    }

    private static Task<Answer> Secure(RunningShop at, string path) => Send(at, HttpMethod.Get, path, ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "192.0.2.1"), ("Host", "shop.example"));

    private static Task<Answer> Ask(RunningShop at, HttpMethod method, string path, string origin) =>
        Send(at, method, path, method == HttpMethod.Options ? [("Origin", origin), ("Access-Control-Request-Method", "PATCH")] : [("Origin", origin)]);

    private static async Task<Answer> Send(RunningShop at, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await at.Http("inventory").SendAsync(request);
        return await Answer.Read(response);
    }
}
