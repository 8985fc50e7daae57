using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Souk.Testing;

namespace Souk.Tests;

/// <summary>The program as a person starts it: processes, exit codes, one clear line.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("souk-cli-").FullName;
    private readonly List<Process> _started = [];

    public void Dispose()
    {
        foreach (var process in _started)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("Souk:Database is 'oracle'", "--Souk:Database", "oracle")]
    [InlineData("ConnectionStrings:Reviews is missing", "--Souk:Database", "postgres")]
    [InlineData("ConnectionStrings:Sales is no connection string", "--ConnectionStrings:Sales", "nonsense")]
    [InlineData("ConnectionStrings:Sales names no Host", "--ConnectionStrings:Sales", "Username=souk")]
    [InlineData("ConnectionStrings:Shop is not a setting", "--ConnectionStrings:Shop", "x")]
    [InlineData("Souk:Dta is not a setting", "--Souk:Dta", "x")]
    [InlineData("Souk:Currency is 'dollars'", "--Souk:Currency", "dollars")]
    [InlineData("Services:Sales:Url is 'nowhere'", "--Services:Sales:Url", "nowhere")]
    [InlineData("Souk:AdminPassword", "--Souk:AdminPassword", "short")]
    [InlineData("Souk:ServiceKey must be", "--Souk:ServiceKey", "d2Vhaw==")]
    [InlineData("Holds:LeaseSeconds is 'soon'", "--Holds:LeaseSeconds", "soon")]
    [InlineData("--Souck:Data is not a setting", "--Souck:Data", "x")]
    [InlineData("Services:Sales:Urll is not a setting", "--Services:Sales:Urll", "http://127.0.0.1:1")]
    [InlineData("neither a command nor a setting", "--frobnicate", "1")]
    [InlineData("--Souk:Currency needs a value", "--Souk:Currency")]
    public async Task A_bad_setting_is_one_clear_line_and_a_failure(string line, params string[] arguments)
    {
        // The setting under test comes last, where a missing value can be seen.
        var (code, output, error) = await Run(["--Souk:Data", _folder, .. arguments]);

        code.ShouldBe(1);
        error.Trim().Split('\n').Length.ShouldBe(1, error);
        error.ShouldContain(line);
        output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_one_clear_line_and_a_failure()
    {
        var (code, _, error) = await Run("sales", "--Souk:Data", _folder, "--Souk:Database", "postgres", "--ConnectionStrings:Sales", $"Host=127.0.0.1;Port={FreePort.Some(1)[0]};Database=souk_sales;Password=hidden");

        code.ShouldBe(1);
        error.Trim().Split('\n').Length.ShouldBe(1, error);
        error.ShouldContain("ConnectionStrings:Sales: the database can't be reached");
        error.ShouldNotContain("hidden");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_clear_line_and_a_failure()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var (code, _, error) = await Run("sales", "--Souk:Data", _folder, "--Services:Sales:Url", $"http://127.0.0.1:{port}");

        code.ShouldBe(1);
        error.Trim().Split('\n').Length.ShouldBe(1, error);
        error.ShouldContain($"127.0.0.1:{port}");
    }

    [Fact]
    public async Task A_data_folder_that_cant_be_written_is_one_clear_line_and_a_failure()
    {
        var file = Path.Combine(_folder, "a-file");
        await File.WriteAllTextAsync(file, "");

        var (code, _, error) = await Run("--Souk:Data", Path.Combine(file, "data"));

        code.ShouldBe(1);
        error.Trim().Split('\n').Length.ShouldBe(1, error);
        error.ShouldContain("which can't be written");
    }

    [Fact]
    public async Task Help_names_every_command()
    {
        var (code, output, _) = await Run("--help");

        code.ShouldBe(0);
        foreach (var command in new[] { "customers", "inventory", "sales", "reviews", "seed", "database", "keys", "data-keys", "--Souk:Data", "--Souk:AdminPassword" })
        {
            output.ShouldContain(command);
        }
    }

    [Fact]
    public async Task Four_processes_are_the_same_shop_as_one()
    {
        var ports = FreePort.Some(4);
        string[] names = ["customers", "inventory", "sales", "reviews"];
        var addresses = names.Zip(ports).SelectMany(x => new[] { $"--Services:{x.First}:Url", $"http://127.0.0.1:{x.Second}" }).ToArray();
        foreach (var name in names)
        {
            Start([name, .. addresses, "--Souk:Data", _folder, "--Souk:AdminPassword", TestShop.Password, "--Customers:PasswordRounds", "1000"]);
        }

        using var http = new HttpClient();
        foreach (var port in ports)
        {
            await TestShop.Eventually(async () => await Ready(http, port), $"the service on {port} is ready");
        }

        var shop = await RunningShop.At(names.Zip(ports).ToDictionary(x => x.First, x => $"http://127.0.0.1:{x.Second}"));
        var jo = await shop.NewCustomer(money: 100);
        var product = (await shop.Visitor.Get("inventory", "/api/v2/products?available=true&sort=price_up&limit=1"))["items.0.id"].GetInt64();
        var order = await jo.Buys(product);
        order.Code.ShouldBe(201, order.Text);
        (await jo.Reviews(product)).Must(201);
    }

    [Fact]
    public async Task A_signal_stops_it_cleanly()
    {
        var port = FreePort.Some(1)[0];
        var process = Start(["inventory", "--Souk:Data", _folder, "--Services:Inventory:Url", $"http://127.0.0.1:{port}"]);
        using var http = new HttpClient();
        await TestShop.Eventually(() => Ready(http, port), "ready");

        // Not INT, which the children of a shell's background job ignore.
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await kill.WaitForExitAsync();
        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);

        process.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Security9_keys_rotate_by_command_beside_an_open_shop()
    {
        await using var shop = new TestShop().With("Customers:SigningKeyDays", "90");
        await shop.InitializeAsync();
        string[] settings = ["--Souk:Data", shop.Data];

        var (code, output, error) = await Run(["keys", "rotate", .. settings]);

        code.ShouldBe(0, error);
        var keys = (await shop.Admin.Get("customers", "/api/v2/signing-keys"))["items"];
        keys.EnumerateArray().Select(k => k.GetProperty("state").GetString()).ShouldBe(["signing", "next"]);
        output.ShouldContain(keys[1].GetProperty("kid").GetString()!);

        (code, output, error) = await Run(["keys", "rotate", "--at-once", .. settings]);
        code.ShouldBe(0, error);
        (await shop.Visitor.Get("customers", "/.well-known/jwks.json"))["keys"].GetArrayLength().ShouldBe(1);
        (await Run(["keys", "rotate", "--Souk:Data", _folder])).Code.ShouldBe(1, "there is no shop");
    }

    private static async Task<bool> Ready(HttpClient http, int port)
    {
        try
        {
            return (await http.GetAsync($"http://127.0.0.1:{port}/health/ready")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static ProcessStartInfo Info(IEnumerable<string> arguments) => new("dotnet", [typeof(Shop).Assembly.Location, .. arguments])
    {
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    private Process Start(IEnumerable<string> arguments)
    {
        var process = Process.Start(Info(arguments))!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _started.Add(process);
        return process;
    }

    private static async Task<(int Code, string Output, string Error)> Run(params string[] arguments)
    {
        using var process = Process.Start(Info(arguments))!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
        return (process.ExitCode, await output, await error);
    }
}
