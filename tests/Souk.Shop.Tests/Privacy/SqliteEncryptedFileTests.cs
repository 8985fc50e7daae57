using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Souk.Testing;

namespace Souk.Tests.Privacy;

/// <summary>Whole files encrypted, as processes of their own: a process has one SQLite.</summary>
[Trait("security", "28")]
public sealed class SqliteEncryptedFileTests : IDisposable
{
    private const string HowToMake = "There is no encrypting SQLite here; '.ci/encrypting-sqlite FILE' makes it, and SOUK_ENCRYPTING_SQLITE says where it is.";

    private readonly string _folder = Directory.CreateTempSubdirectory("souk-files-").FullName;
    private readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private Process? _running;

    public void Dispose()
    {
        Kill();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Security28_wallets_and_orders_are_not_readable_from_the_files()
    {
        var library = Library();
        var shop = await Open(library);
        var (jo, product) = (await shop.NewCustomer(money: 100, username: "Traceable-Quill"), await shop.NewProduct(price: 5, name: "Quadrangular Biscuits"));
        var order = await jo.Buys(product);
        order.Code.ShouldBe(201, order.Text);
        Readable("SQLite format 3", jo.Username, "Quadrangular", "CREATE TABLE").ShouldBeEmpty("while it is open, the logs among the files");

        Kill();
        Readable("SQLite format 3", jo.Username, "Quadrangular", "CREATE TABLE").ShouldBeEmpty();
        shop = await Open(library);
        jo = await shop.SignsIn(jo.Username, TestShop.Password);
        (await jo.Get("sales", $"/api/v2/orders/{order.Of("id")}")).Text.ShouldBe(order.Text);
        (await jo.Balance()).ShouldBe(95m);
    }

    [Fact]
    public async Task Security28_another_key_or_none_opens_nothing()
    {
        var library = Library();
        await Open(library);
        Kill();
        var other = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

        foreach (var settings in new string[][] { ["--Souk:DatabaseKey", other, "--Souk:SqliteLibrary", library], [] })
        {
            var error = await Refused(settings);
            error.ShouldContain("can't be read: it is encrypted under another Souk:DatabaseKey");
            error.ShouldNotContain(other);
        }
    }

    [Fact]
    public async Task Security28_a_sqlite_that_ignores_the_key_stops_the_start()
    {
        (await Refused("--Souk:DatabaseKey", _key)).ShouldContain("Souk:DatabaseKey needs a SQLite that encrypts");
        (await Refused("--Souk:DatabaseKey", "d2Vhaw==")).ShouldContain("Souk:DatabaseKey must be at least 32 random bytes");
        (await Refused("--Souk:DatabaseKey", _key, "--Souk:SqliteLibrary", "/nowhere/libsqlite.so")).ShouldContain("/nowhere/libsqlite.so is not a SQLite that encrypts");
        var ordinary = Directory.GetFiles(AppContext.BaseDirectory, "*e_sqlite3.*", SearchOption.AllDirectories)
            .First(f => Path.GetFileName(f).StartsWith("libe_sqlite3", StringComparison.Ordinal) && f.Contains(System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier, StringComparison.Ordinal));
        (await Refused("--Souk:DatabaseKey", _key, "--Souk:SqliteLibrary", ordinary)).ShouldContain("is not a SQLite that encrypts");
    }

    private static string Library()
    {
        var library = Environment.GetEnvironmentVariable("SOUK_ENCRYPTING_SQLITE");
        if (library is null && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip(HowToMake);
        }

        return library ?? throw new InvalidOperationException(HowToMake);
    }

    /// <summary>Which of the words stand in the files.</summary>
    private List<string> Readable(params string[] words)
    {
        var files = Directory.GetFiles(_folder, "*.db*").Select(f =>
        {
            using var stream = new FileStream(f, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.ToArray();
        }).ToList();
        files.Count.ShouldBeGreaterThanOrEqualTo(4);
        return [.. words.Where(w => files.Exists(f => f.AsSpan().IndexOf(Encoding.UTF8.GetBytes(w)) >= 0))];
    }

    private async Task<RunningShop> Open(string library)
    {
        var addresses = Shop.Services.Zip(FreePort.Some(Shop.Services.Count)).ToDictionary(x => x.First.Name, x => $"http://127.0.0.1:{x.Second}");
        _running = Start([
            "--Souk:DatabaseKey", _key, "--Souk:SqliteLibrary", library, "--Souk:AdminPassword", TestShop.Password, "--Customers:PasswordRounds", "1000", "--Souk:SampleCatalogue", "false",
            .. addresses.SelectMany(a => new[] { $"--Services:{a.Key}:Url", a.Value }),
        ]);
        _ = _running.StandardOutput.ReadToEndAsync();
        _ = _running.StandardError.ReadToEndAsync();
        using var http = new HttpClient();
        foreach (var address in addresses.Values)
        {
            await TestShop.Eventually(() => Ready(http, address), $"{address} is ready");
        }

        return await RunningShop.At(addresses);
    }

    private static async Task<bool> Ready(HttpClient http, string address)
    {
        try
        {
            return (await http.GetAsync($"{address}/health/ready")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<string> Refused(params string[] settings)
    {
        using var process = Start(["customers", .. settings, "--Services:Customers:Url", $"http://127.0.0.1:{FreePort.Some(1)[0]}"]);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(TimeSpan.FromSeconds(30)))
        {
            process.Kill();
            Assert.Fail("It started, and should have refused.");
        }

        process.ExitCode.ShouldBe(1, await output);
        (await error).Trim().Split('\n').Length.ShouldBe(1, await error);
        return await error;
    }

    private Process Start(IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [typeof(Shop).Assembly.Location, .. arguments, "--Souk:Data", _folder]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;

    private void Kill()
    {
        _running?.Kill();
        _running?.WaitForExit();
        _running?.Dispose();
        _running = null;
    }
}
