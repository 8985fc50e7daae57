using System.Diagnostics;
using System.Text.Json;
using Souk.Testing;

namespace Souk.Tests.Logging;

/// <summary>What the program writes while people use it: the whole shop as a process, and everything that it said.</summary>
[Trait("security", "25")]
public sealed class JourneyLogTests : IAsyncLifetime
{
    private const string Name = "Maximiliana Quintessa";
    private const string Address = "77 Unmistakable Avenue";
    private const string NewPassword = "purple bicycles at dawn";
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    private readonly string _folder = Directory.CreateTempSubdirectory("souk-log-").FullName;
    private readonly List<string> _said = [];
    private readonly List<string> _tokens = [];
    private Process? _process;
    private RunningShop? _shop;

    public async ValueTask InitializeAsync()
    {
        string[] names = ["customers", "inventory", "sales", "reviews"];
        var ports = names.Zip(FreePort.Some(names.Length)).ToDictionary(x => x.First, x => $"http://127.0.0.1:{x.Second}");
        _process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Shop).Assembly.Location, .. ports.SelectMany(p => new[] { $"--Services:{p.Key}:Url", p.Value }), "--Souk:Data", _folder, "--Souk:AdminPassword", TestShop.Password, "--Customers:PasswordRounds", "1000"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var open = new TaskCompletionSource();
        _process.OutputDataReceived += (_, line) => Said(line.Data, open);
        _process.ErrorDataReceived += (_, line) => Said(line.Data, open);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await open.Task.WaitAsync(TimeSpan.FromSeconds(60));
        _shop = await RunningShop.At(ports);
    }

    public ValueTask DisposeAsync()
    {
        _process!.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Security25_a_whole_journeys_log_is_JSON_lines_without_a_password_a_token_a_key_or_a_persons_name()
    {
        var shop = _shop!;
        var jo = await Journey(shop);
        var lines = await Lines();

        // The banner shows a first purchase, with a password of its own.
        var log = string.Join('\n', _said.SkipWhile(l => !l.StartsWith("Ctrl-C", StringComparison.Ordinal)));
        var key = await File.ReadAllTextAsync(Path.Combine(_folder, "service.key"));
        foreach (var secret in _tokens.Append(key.Trim()).Concat([TestShop.Password, NewPassword, "no such password", Name, Address, "eyJ", "BEGIN", jo.Username]))
        {
            log.ShouldNotContain(secret, Case.Sensitive, "in the log");
        }

        var bought = lines.Single(l => l.GetProperty("operation").GetString() == "POST /api/v2/orders" && l.GetProperty("status").GetInt32() == 201);
        bought.GetProperty("user").GetString().ShouldBe($"{jo.Id}");
        bought.GetProperty("service").GetString().ShouldBe("sales");
        bought.GetProperty("level").GetString().ShouldBe("info");
        bought.GetProperty("duration_ms").GetDouble().ShouldBeInRange(0.001, 60_000);
        bought.GetProperty("time").GetDateTimeOffset().ShouldBe(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(2));
        bought.GetProperty("trace_id").GetString().ShouldBe(Trace);
        lines.Count(l => l.GetProperty("operation").GetString() == "POST /api/v2/tokens" && l.GetProperty("status").GetInt32() == 401).ShouldBe(1);
    }

    [Fact]
    public async Task Security27_a_trace_travels_from_service_to_service()
    {
        var shop = _shop!;
        var jo = await Journey(shop, stays: true);
        var product = (await shop.Visitor.Get("inventory", "/api/v2/products?available=true&sort=price_up&limit=1"))["items.0.id"].GetInt64();
        (await Buys(shop, shop.Admin, product, jo.Username)).ShouldBe(201);
        (await Buys(shop, shop.Admin, product, "nobody.here")).ShouldBe(404);
        (await jo.Delete("customers", $"/api/v2/customers/{jo.Username}")).Must(204);

        var services = (await Lines()).Where(l => l.GetProperty("trace_id").GetString() == Trace).Select(l => l.GetProperty("service").GetString()).Distinct();

        // The orders name another buyer, whom Sales looks up in Customers. What services ask each other is logged when it is refused, as it is for somebody who does not exist.
        services.ShouldBe(["sales", "customers"], ignoreOrder: true);
    }

    [Fact]
    public async Task Nothing_of_OpenTelemetry_is_loaded_where_no_endpoint_is_set()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It is read off /proc.");

        var loaded = await File.ReadAllTextAsync($"/proc/{_process!.Id}/maps");

        loaded.ShouldContain("Souk.Sales.dll");
        loaded.ShouldNotContain("OpenTelemetry");
    }

    /// <summary>Everything that people send secrets with, right and wrong.</summary>
    private async Task<Person> Journey(RunningShop shop, bool stays = false)
    {
        var username = shop.NewName("maxi.q");
        (await shop.Visitor.Post("customers", "/api/v2/customers", new { username, password = TestShop.Password, name = Name, age = 30, address = Address, gender = true, marital_status = "single" })).Must(201);
        (await shop.Visitor.Post("customers", "/api/v2/tokens", new { username, password = "no such password" })).Must(401);
        (await shop.Visitor.Post("customers", "/api/v2/customers", new { username, password = TestShop.Password, name = 5, address = Address })).Must(422);
        var jo = await shop.SignsIn(username, TestShop.Password);
        _tokens.AddRange([jo.Token!, shop.Admin.Token!]);
        (await jo.TopsUp(1000, key: "log-top-up")).Must(201);
        var product = (await shop.Visitor.Get("inventory", "/api/v2/products?available=true&sort=price_up&limit=1"))["items.0.id"].GetInt64();
        (await Buys(shop, jo, product, null)).ShouldBe(201);
        (await shop.Visitor.Post("reviews", "/api/v1/reviews/auth/login", new { username, password = TestShop.Password })).Must(200);
        (await shop.Visitor.Get("customers", $"/api/v2/customers/{username}%0a%0d{{\"forged\":1}}")).Must(401);
        (await jo.Patch("customers", $"/api/v2/customers/{username}", new { password = NewPassword, current_password = TestShop.Password, address = Address + " 2" })).Must(200);

        // A new password ends all sessions.
        jo = await shop.SignsIn(username, NewPassword);
        _tokens.Add(jo.Token!);
        if (!stays)
        {
            (await jo.Delete("customers", $"/api/v2/customers/{username}")).Must(204);
        }

        return jo;
    }

    private static async Task<int> Buys(RunningShop shop, Person jo, long product, string? username)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v2/orders") { Content = new StringContent(JsonSerializer.Serialize(new { lines = new[] { new { product_id = product, quantity = 1 } }, username = username ?? jo.Username }), null, "application/json") };
        request.Headers.Authorization = new("Bearer", jo.Token);
        request.Headers.Add("traceparent", $"00-{Trace}-00f067aa0ba902b7-01");
        using var response = await shop.Http("sales").SendAsync(request);
        return (int)response.StatusCode;
    }

    private void Said(string? line, TaskCompletionSource open)
    {
        if (line is not null)
        {
            lock (_said)
            {
                _said.Add(line);
            }

            if (line.StartsWith("Ctrl-C", StringComparison.Ordinal))
            {
                open.TrySetResult();
            }
        }
    }

    /// <summary>The lines of requests, once the last request of the journey is among them. All that was said since the shop opened is JSON.</summary>
    private async Task<List<JsonElement>> Lines()
    {
        string[] said = [];
        await TestShop.Eventually(
            () =>
            {
                lock (_said)
                {
                    said = [.. _said.SkipWhile(l => !l.StartsWith("Ctrl-C", StringComparison.Ordinal)).Skip(1)];
                }

                return Task.FromResult(said.Any(l => l.Contains("DELETE /api/v2/customers/{username}", StringComparison.Ordinal)));
            },
            "the last request's line");
        return [.. said.Select(l => JsonSerializer.Deserialize<JsonElement>(l)).Where(l => l.TryGetProperty("operation", out _))];
    }
}
