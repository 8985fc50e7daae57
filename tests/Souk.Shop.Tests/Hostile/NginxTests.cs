using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Souk.Platform.Errors;
using Souk.Testing;
using Souk.Tests.Tls;

namespace Souk.Tests.Hostile;

/// <summary>What comes through nginx under <c>deploy/nginx/souk.conf</c>, and what does not.</summary>
public class NginxTests
{
    /// <summary>Which service answered, and as which of its routes. nginx's own answers don't have it.</summary>
    private const string Signature = "X-Answered-By";

    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    /// <summary>To a service each of these is <c>/internal/customers</c>.</summary>
    private static readonly string[] Inside =
    [
        "/internal/customers?username=admin", "/internal/customers/?username=admin", "/INTERNAL/Customers?username=admin", "/%69nternal/customers?username=admin", "/inter%6Eal/customers?username=admin",
        "/./internal/customers?username=admin", "/api/v2/../../internal/customers?username=admin", "/api/v2/%2e%2e/%2E./internal/customers?username=admin", "http://shop/internal/customers?username=admin",
        "/health/../internal/customers?username=admin", "/.well-known/jwks.json/../../internal/customers?username=admin", "/customers/%2e%2e/internal/customers?username=admin",

        // To nginx these are /api/v2/customers and /api/v2/products: it takes %2F for a slash, and # for the end.
        "/internal/..%2fapi%2fv2%2fz/../customers?username=admin", "/internal/%2e%2e%2fapi%2fv2%2fz/%2e%2e/customers?username=admin", "/internal/..%2Fapi%2Fv2%2Fz/%2e%2e/customers?username=admin", "/api/v2/products#/../../../internal/customers?username=admin",
        "/api/v2/products%23/../../../internal/customers?username=admin",
    ];

    /// <summary>None of these is anything, and none gets as far as a service.</summary>
    private static readonly string[] Nowhere =
    [
        "/internal", "/internal/", "/internal?", "/internal%2fcustomers", "//internal/customers", "/%2finternal/customers", "/%2Finternal%2Fcustomers", "/api//../internal/customers", "/internal//customers",
        "/internal/z//../../api/v2/products", "/internal;x/customers", "/internal\\customers", "/api/v2/..\\..\\internal/customers", "/%c0%ae%c0%ae/internal/customers", "/internal%09/customers",
        "/docs/..%2finternal%2fcustomers", "/customers/docs/..%2f..%2finternal/customers", "/inventory/docs/../internal/goods", "/inventory/api/v2/audit/../../../internal/goods",
        "/inventory/z/../health", "/inventory//health", "/souk-refusal/v1", "/souk-refusal/problem", "/souk-refusal/",

        // To nginx each of these is /api/v2/products.
        "/api/v2/z/..%2fproducts", "/api/v2/z%2f../products", "/api/v2/products/z/..#x", "/api/v2//products",
    ];

    /// <summary>What nginx refuses by itself, below <c>/api/v1</c> and below <c>/api/v2</c>. Nothing answers where it sends the reviews.</summary>
    private static readonly Wrong[] Wrongs =
    [
        new(CommonErrors.NotFound, "nowhere"), new(CommonErrors.NotFound, "reviews/../reviews"), new(CommonErrors.NotFound, "a\"b"), new(CommonErrors.NotFound, "nowhere", "HEAD"),
        new(CommonErrors.BodyTooLarge, "reviews", "POST", Headers: "Content-Length: 65537\r\n", Body: new string(' ', 65537)),
        new(CommonErrors.BadRequest, new string('x', 9000)), new(CommonErrors.BadRequest, "reviews?q=1", Headers: $"X: {new string('x', 9000)}\r\n"), new(CommonErrors.BadRequest, "reviews/../reviews", Headers: $"X: {new string('x', 9000)}\r\n"),
        new(CommonErrors.BadRequest, "%00"), new(CommonErrors.BadRequest, "reviews", Headers: "Host: another\r\n"), new(CommonErrors.BadRequest, "reviews", Protocol: "HTTP/9.9"), new(CommonErrors.BadRequest, "reviews", "POST", Headers: "Transfer-Encoding: gzip\r\n"),
        new(CommonErrors.MethodNotAllowed, "reviews", "TRACE"),
        new(CommonErrors.DependencyUnavailable, "reviews/1"), new(CommonErrors.DependencyUnavailable, "reviews/1", "PUT", Headers: "Content-Length: 2\r\n", Body: "{}"), new(CommonErrors.DependencyUnavailable, "reviews/1", "HEAD"),
        new(CommonErrors.DependencyUnavailable, "reviews/1", "POST", Headers: "Idempotency-Key: once\r\nContent-Length: 2\r\n", Body: "{}"),
    ];

    private static readonly string[] Names = [.. Shop.Services.Select(s => s.Name)];

    [Fact]
    public async Task Security06_every_documented_operation_is_reached_through_nginx()
    {
        await using var shop = await Open();
        await using var nginx = await Nginx.Before(shop);
        var operations = await DocumentedOperation.All(shop);
        var everywhere = operations.GroupBy(o => o.Path).Where(g => g.Select(o => o.Service).Distinct().Count() == Names.Length).Select(g => g.Key).ToHashSet();

        foreach (var operation in operations)
        {
            var path = operation.Path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
            foreach (var way in everywhere.Contains(operation.Path) ? operation.Service == "customers" ? [path, $"/customers{path}"] : [$"/{operation.Service}{path}"] : new[] { path })
            {
                AnsweredBy(await nginx.Send(operation.Method, way)).ShouldBe($"{operation.Service} {operation.Path}", $"{operation.Method} {way}");
            }
        }

        foreach (var service in Names)
        {
            (await nginx.Send(HttpMethod.Get, $"/{service}/openapi.json")).Text.ShouldBe((await shop.Visitor.Get(service, "/openapi.json")).Text);
            (await nginx.Send(HttpMethod.Get, $"/{service}/docs")).Headers.Location.ShouldBe(new Uri("docs/index.html", UriKind.Relative));
            AnsweredBy(await nginx.Send(HttpMethod.Get, $"/{service}/docs/index.html")).ShouldStartWith(service);
            (await nginx.Send(HttpMethod.Get, $"/{service}/docs/index.js")).Text.ShouldContain($"\"/{service}/openapi.json\"", customMessage: "the page shows its own service's document");
        }

        (await nginx.Send(HttpMethod.Get, "/openapi.json")).Text.ShouldContain("Souk Customers");
        AnsweredBy(await nginx.Send(HttpMethod.Get, "/docs/index.html")).ShouldStartWith("customers");
    }

    [Fact]
    public async Task Security06_nginx_refuses_what_is_between_services_however_it_is_written_and_whoever_asks()
    {
        await using var shop = await Open();
        await using var nginx = await Nginx.Before(shop);
        var (own, admin, customers) = (shop.AsSales().Token, shop.Admin.Token, shop.Http("customers").BaseAddress!);
        foreach (var path in Inside)
        {
            (await RawConnection.Ask(customers, Nginx.AsWritten("GET", path, own))).ShouldStartWith("HTTP/1.1 200", customMessage: $"without nginx a service gets in by {path}");
        }

        foreach (var path in Inside.Concat(Nowhere).Concat(Routes(shop)))
        {
            foreach (var (method, token) in new[] { ("GET", own), ("POST", own), ("GET", admin), ("POST", admin), ("GET", null) })
            {
                var answer = await nginx.SendAsWritten(method, path, token);

                RefusesItself(answer, CommonErrors.NotFound, $"{method} {path}");
            }
        }

        // Whatever is added to the table.
        await using var generous = await Nginx.Before(shop, ("    default                                                                                         \"\";", "    default souk_customers;"));
        foreach (var path in Inside.Concat(Routes(shop).Where(r => r.StartsWith("/internal/", StringComparison.Ordinal))))
        {
            (await generous.SendAsWritten("GET", path, own)).ShouldStartWith("HTTP/1.1 404", customMessage: path);
        }

        (await nginx.SendAsWritten("GET", "/internal/%00", own)).ShouldStartWith("HTTP/1.1 400");
        (await nginx.SendAsWritten("GET", "/docs/..%2f..%2finternal/customers", own)).ShouldStartWith("HTTP/1.1 400", customMessage: "above the root there is nothing");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api")]
    [InlineData("/api/v3/products")]
    [InlineData("/api/v2/productsandmore")]
    [InlineData("/inventory/api/v2/products")]
    [InlineData("/inventory")]
    [InlineData("/souk_sales/health")]
    [InlineData("/index.html")]
    [InlineData("/.well-known/openid-configuration")]
    public async Task Security06_what_nginx_does_not_know_it_refuses_itself(string path)
    {
        await using var nginx = await Nginx.Before(_ => ["127.0.0.1:9"]);

        var answer = await nginx.Send(HttpMethod.Get, path);

        answer.Refuses(404, "not_found");
        answer.Of("instance").ShouldBe(path);
        answer.Headers.GetValues("Server").ShouldBe(["nginx"], "without a version");
    }

    [Fact]
    public async Task Security06_what_nginx_says_of_a_clients_address_counts_and_what_the_client_says_does_not()
    {
        // To the services every client here is a known proxy, so that a word of the client's would count if nginx let it through.
        await using var shop = await Open("127.0.0.0/8", ("Souk:RateLimits:ReadsPerAddress", "5/80000"));
        await using var nginx = await Nginx.Before(shop);
        for (var i = 0; i < 5; i++)
        {
            (await Read("127.0.0.2", i)).Must(200);
        }

        var refused = await Read("127.0.0.2", 5);

        refused.Refuses(429, "rate_limited");
        refused.Headers.GetValues("Retry-After").ShouldBe(["16000"]);
        refused.Headers.GetValues("RateLimit").ShouldHaveSingleItem().ShouldStartWith("\"reads-per-address\";r=0;t=");
        (await Read("127.0.0.3", 6)).Code.ShouldBe(200, "another address has its own share");

        Task<Answer> Read(string from, int i) => nginx.Send(HttpMethod.Get, "/api/v2/products", null, from, ("X-Forwarded-For", $"198.51.100.{i}"), ("Forwarded", $"for=198.51.100.{i}"));
    }

    [Fact]
    public async Task Security06_nginx_replaces_what_a_client_says_about_where_it_comes_from()
    {
        await using var stub = await Stub.Start();
        await using var nginx = await Nginx.Before(_ => [stub.Authority]);

        await nginx.Send(HttpMethod.Get, "/api/v2/products?q=a%20b", null, "127.0.0.5",
            ("X-Forwarded-For", "198.51.100.1"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example"), ("Forwarded", "for=198.51.100.1"), ("Host", "shop.example:81"), ("X-Other", "stays"));

        var seen = stub.Seen.ShouldHaveSingleItem();
        seen["X-Forwarded-For"].ShouldBe("127.0.0.5");
        seen["X-Forwarded-Proto"].ShouldBe("http");
        seen["X-Forwarded-Host"].ShouldBe("shop.example");
        seen["Host"].ShouldBe("shop.example");
        seen["X-Other"].ShouldBe("stays");
        seen.Keys.ShouldNotContain("Forwarded");
        seen["target"].ShouldBe("/api/v2/products?q=a%20b");
    }

    [Fact]
    public async Task Security06_nginx_hands_a_busy_services_answer_through_as_it_is()
    {
        await using var stub = await Stub.Start(async http =>
        {
            http.Response.StatusCode = 503;
            http.Response.Headers.RetryAfter = "7";
            http.Response.ContentType = "application/problem+json";
            await http.Response.WriteAsync("""{"code":"busy"}""");
        });
        await using var nginx = await Nginx.Before(_ => [stub.Authority]);

        var answer = await nginx.Send(HttpMethod.Post, "/api/v2/orders", Json("{}"));

        answer.Must(503);
        answer.Headers.GetValues("Retry-After").ShouldBe(["7"]);
        answer.ContentType.ShouldBe("application/problem+json");
        answer.Text.ShouldBe("""{"code":"busy"}""");
    }

    [Theory]
    [InlineData("POST", "/api/v2/orders")]
    [InlineData("PUT", "/api/v1/customer/wallet/jo/charge")]
    [InlineData("PATCH", "/api/v2/products/1")]
    [InlineData("DELETE", "/api/v2/products/1")]
    public async Task Security06_nginx_sends_nothing_twice(string method, string path)
    {
        Task Dies(HttpContext http)
        {
            http.Abort();
            return Task.CompletedTask;
        }

        await using var first = await Stub.Start(Dies);
        await using var second = await Stub.Start(Dies);
        await using var nginx = await Nginx.Before(_ => [first.Authority, second.Authority]);

        var answer = await nginx.Send(new HttpMethod(method), path, method == "DELETE" ? null : Json("""{"amount":1}"""));

        answer.Must(503);
        answer.Headers.Contains("Retry-After").ShouldBeFalse("nor is a client's library asked to, which would not look first");
        (first.Seen.Count + second.Seen.Count).ShouldBe(1);
    }

    [Fact]
    public async Task Security25_what_nginx_refuses_it_refuses_in_the_manner_of_the_contract()
    {
        await using var nginx = await Nginx.Before(_ => ["127.0.0.1:9"]);
        foreach (var wrong in Wrongs)
        {
            var problem = RefusesItself(await RawConnection.Ask(nginx.Address, wrong.Under("v2")), wrong.Kind, $"{wrong}", wrong.MayBeRepeated);
            var first = await RawConnection.Ask(nginx.Address, wrong.Under("v1"));

            if (wrong.Method != "HEAD")
            {
                // Of a path that is too long or holds a quote there is no telling.
                (problem.TryGetProperty("instance", out var path) ? $"{path}" : null).ShouldBe(wrong.Path.Length > 8000 || wrong.Path.Contains('"') ? null : $"/api/v2/{wrong.Path.Split('?')[0]}", $"{wrong}");
                Body(first).GetRawText().ShouldBe(JsonSerializer.Serialize(new { detail = Words(wrong.Kind, $"{problem.GetProperty("detail")}") }), $"{wrong}");
            }

            first.ShouldStartWith($"HTTP/1.1 {wrong.Kind.Status} ", customMessage: $"{wrong}");
            first.ShouldContain("\r\nContent-Type: application/json\r\n", customMessage: $"{wrong}");
            first.ShouldMatch("\r\nTrace-Id: [0-9a-f]{32}\r\n", $"{wrong}");
            first.Contains("\r\nRetry-After: 1\r\n", StringComparison.Ordinal).ShouldBe(wrong.MayBeRepeated, $"{wrong}");
        }

        RefusesItself(await RawConnection.Ask(nginx.Address, "\0\r\n\r\n"), CommonErrors.BadRequest, "what is no HTTP has no path, and gets a problem");

        static string Words(ErrorKind kind, string detail) => kind == CommonErrors.NotFound ? "Not Found" : kind == CommonErrors.MethodNotAllowed ? "Method Not Allowed" : detail;
    }

    [Theory]
    [InlineData("/api/v1/reviews/submit", "application/json")]
    [InlineData("/api/v2/reviews", "application/problem+json")]
    public async Task Security25_a_service_that_is_silent_is_a_503_to_be_sent_again(string path, string type)
    {
        await using var stub = await Stub.Start(http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        await using var nginx = await Nginx.Before(_ => [stub.Authority], ("proxy_read_timeout 60s;", "proxy_read_timeout 1s;"));

        var answer = await nginx.Send(HttpMethod.Post, path, Json("{}"), headers: ("Idempotency-Key", "once"));

        answer.Must(503);
        answer.ContentType.ShouldBe(type);
        answer.Headers.GetValues("Retry-After").ShouldBe([$"{Souk.Platform.Hosting.Limits.BusyRetryAfter.TotalSeconds:0}"]);
        answer.Of("detail").ShouldContain("again with its Idempotency-Key");
        stub.Seen.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Security25_nginx_and_a_service_tell_of_a_request_by_one_trace_the_clients_where_it_has_one()
    {
        await using var stub = await Stub.Start(http =>
        {
            http.Abort();
            return Task.CompletedTask;
        });
        await using var nginx = await Nginx.Before(_ => [stub.Authority]);
        var theirs = $"00-{Trace}-00f067aa0ba902b7-01";

        (await Sent(theirs)).ShouldBe((theirs, Trace));
        foreach (var none in new[] { null, "", "zz", theirs.ToUpperInvariant(), $"{theirs}\"", $"{theirs}-00", $"00-{new string('0', 32)}-00f067aa0ba902b7-01", $"00-{Trace}-{new string('0', 16)}-01", $"ff-{Trace}-00f067aa0ba902b7-01" })
        {
            var (sent, told) = await Sent(none);

            sent.ShouldMatch("^00-[0-9a-f]{32}-[0-9a-f]{16}-00$", none);
            told.ShouldBe(sent.Split('-')[1], none);
            told.ShouldNotBe(Trace, none);
        }

        // A service takes up a trace that nobody records, as nginx's is, and says so itself.
        await using var shop = await Open();
        await using var before = await Nginx.Before(shop);
        (await before.Send(HttpMethod.Get, "/api/v2/products/0", headers: ("traceparent", $"{theirs[..^2]}00"))).Of("trace_id").ShouldBe(Trace);

        async Task<(string Sent, string Told)> Sent(string? traceparent)
        {
            stub.Seen.Clear();
            var answer = traceparent is null ? await nginx.Send(HttpMethod.Get, "/api/v2/products") : await nginx.Send(HttpMethod.Get, "/api/v2/products", headers: ("traceparent", traceparent));
            return (stub.Seen.ShouldHaveSingleItem()["traceparent"], answer.Of("trace_id"));
        }
    }

    [Fact]
    public async Task Security06_nginx_bounds_what_a_client_may_send_as_the_services_do()
    {
        await using var shop = await Open();
        await using var nginx = await Nginx.Before(shop);
        const int Most = 64 * 1024;
        Nginx.Configuration().ShouldContain($"client_header_timeout {Souk.Platform.Hosting.Limits.HeadersTime.TotalSeconds:0}s;");

        AnsweredBy(await nginx.Send(HttpMethod.Post, "/api/v2/tokens", Json(new string(' ', Most)))).ShouldStartWith("customers");
        var refused = await nginx.Send(HttpMethod.Post, "/api/v2/tokens", Json(new string(' ', Most + 1)));
        refused.Must(413);
        refused.Of("code").ShouldBe("body_too_large");
        refused.Headers.Contains(Signature).ShouldBeFalse();

        var slow = await Task.WhenAll(
            RawConnection.Trickle(nginx.Address, "GET /api/v2/products HTTP/1.1\r\nHost: shop\r\nX-Slow: "),
            RawConnection.Trickle(nginx.Address, "POST /api/v2/tokens HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nContent-Length: 2000\r\n\r\n{"));
        slow[0].ShouldBe("", "headers that never end get no answer, and their connection is closed");
        slow[1].ShouldStartWith("HTTP/1.1 408");
        slow[1].ShouldContain("\"code\":\"request_timeout\"");
    }

    [Fact]
    public async Task Security06_with_TLS_the_services_know_of_it_and_HSTS_is_theirs()
    {
        Nginx.Configuration().ShouldContain("#ssl_protocols TLSv1.2 TLSv1.3;", customMessage: "an OpenSSL that refuses older ones anyway shows nothing by that");
        using var authority = new TestAuthority();
        var (certificate, key) = authority.IssueFiles("shop.example");
        LetAnyoneRead(certificate, key);
        await using var shop = await Open();
        var port = FreePort.Some(1)[0];
        await using var nginx = await Nginx.Before(shop, ("#listen 443 ssl;", $"listen 127.0.0.1:{port} ssl;"), ("#ssl_", "ssl_"), ("/etc/souk/shop.pem", certificate), ("/etc/souk/shop.key", key));
        using var root = X509CertificateLoader.LoadCertificateFromFile(authority.CaFile);
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = Trusting(root) });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://127.0.0.1:{port}/api/v2/products") { Headers = { Host = "shop.example" } };
        request.Headers.Add("X-Forwarded-Proto", "http");

        using var response = await http.SendAsync(request);
        var unencrypted = await RawConnection.Ask(new Uri($"http://127.0.0.1:{port}"), Nginx.AsWritten("GET", "/api/v2/products", "a.token"));

        RefusesItself(unencrypted, CommonErrors.BadRequest, "without TLS");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("Strict-Transport-Security").ShouldBe(["max-age=31536000"]);
        var plain = await nginx.Send(HttpMethod.Get, "/api/v2/products", null, "127.0.0.1", ("Host", "shop.example"), ("X-Forwarded-Proto", "https"));
        plain.Must(200);
        plain.Headers.Contains("Strict-Transport-Security").ShouldBeFalse("a client's word for it is no https");
    }

    /// <summary>A shop that believes this machine's nginx, and whose services sign their answers.</summary>
    private static async Task<TestShop> Open(string proxies = "127.0.0.1", params (string Name, string Value)[] settings)
    {
        var shop = new TestShop().With("Souk:Proxies", proxies).With((service, parts) => parts.AddSingleton<IStartupFilter>(new Signing(service)));
        foreach (var (name, value) in settings)
        {
            shop.With(name, value).With("Souk:RateLimits:ExemptLoopback", "false");
        }

        await shop.InitializeAsync();
        return shop;
    }

    /// <summary>What services map between themselves, as it is and below each service's name.</summary>
    private static IEnumerable<string> Routes(TestShop shop) =>
        Names.SelectMany(s => shop.Parts(s).GetServices<EndpointDataSource>()).SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Select(e => $"/{e.RoutePattern.RawText!.TrimStart('/')}").Where(r => r.StartsWith("/internal/", StringComparison.Ordinal)).Distinct()
            .SelectMany(r => Names.Select(s => $"/{s}{r}").Prepend(r));

    private static string AnsweredBy(Answer answer) => answer.Headers.TryGetValues(Signature, out var by) ? by.ShouldHaveSingleItem() : $"nginx itself: {answer.Code} {answer.Text}";

    /// <summary>That nginx answered by itself and with the problem that a service would; the problem.</summary>
    private static JsonElement RefusesItself(string answer, ErrorKind kind, string request, bool repeatable = false)
    {
        answer.ShouldStartWith($"HTTP/1.1 {kind.Status} ", customMessage: request);
        answer.ShouldNotContain(Signature, customMessage: request);
        answer.ShouldContain("\r\nContent-Type: application/problem+json\r\n", customMessage: request);
        answer.ShouldContain("\r\nX-Content-Type-Options: nosniff\r\n", customMessage: request);
        answer.Contains("\r\nRetry-After: 1\r\n", StringComparison.Ordinal).ShouldBe(repeatable, request);
        answer.Contains("\r\nAllow: ", StringComparison.Ordinal).ShouldBe(kind.Status == 405, request);
        if (answer.EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            request.ShouldContain("HEAD");
            return default;
        }

        var problem = Body(answer);
        ($"{problem.GetProperty("type")}", $"{problem.GetProperty("title")}", $"{problem.GetProperty("status")}", $"{problem.GetProperty("code")}").ShouldBe(($"urn:souk:error:{kind.Code}", kind.Title, $"{kind.Status}", kind.Code), request);
        $"{problem.GetProperty("detail")}".ShouldNotBeEmpty(request);
        $"{problem.GetProperty("trace_id")}".ShouldMatch("^[0-9a-f]{32}$", request);
        return problem;
    }

    private static JsonElement Body(string answer) => JsonSerializer.Deserialize<JsonElement>(answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static SslClientAuthenticationOptions Trusting(X509Certificate2 root) => new()
    {
        TargetHost = "shop.example",
        CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root }, RevocationMode = X509RevocationMode.NoCheck },
    };

    /// <summary>nginx runs as somebody else where the tests run as root.</summary>
    private static void LetAnyoneRead(params string[] files)
    {
        foreach (var file in files.Prepend(Path.GetDirectoryName(files[0])!))
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
            }
        }
    }

    /// <summary>A request that nginx refuses.</summary>
    private sealed record Wrong(ErrorKind Kind, string Path, string Method = "GET", string Protocol = "HTTP/1.1", string Headers = "", string Body = "")
    {
        /// <summary>Whatever became of it: it reads, or has a key.</summary>
        public bool MayBeRepeated => Kind.Status == 503 && (Method is "GET" or "HEAD" || Headers.Contains("Idempotency-Key", StringComparison.Ordinal));

        public string Under(string contract) => $"{Method} /api/{contract}/{Path} {Protocol}\r\nHost: shop\r\nConnection: close\r\n{Headers}\r\n{Body}";

        public override string ToString() => $"{Method} {Path[..Math.Min(40, Path.Length)]} {Protocol} {Headers[..Math.Min(40, Headers.Length)]}";
    }

    private sealed class Signing(string service) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, go) =>
            {
                http.Response.OnStarting(() =>
                {
                    http.Response.Headers[Signature] = $"{service} {(http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText}".TrimEnd();
                    return Task.CompletedTask;
                });
                return go(http);
            });
            next(app);
        };
    }

    /// <summary>Stands in for a service, and remembers what it was sent.</summary>
    private sealed class Stub : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private Stub(Func<HttpContext, Task>? answer)
        {
            var port = FreePort.Some(1)[0];
            Authority = $"127.0.0.1:{port}";
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port));
            _app = builder.Build();
            _app.Run(http =>
            {
                var seen = http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
                seen["target"] = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
                Seen.Add(seen);
                return answer?.Invoke(http) ?? Task.CompletedTask;
            });
        }

        public string Authority { get; }

        public ConcurrentBag<Dictionary<string, string>> Seen { get; } = [];

        public static async Task<Stub> Start(Func<HttpContext, Task>? answer = null)
        {
            var stub = new Stub(answer);
            await stub._app.StartAsync();
            return stub;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
