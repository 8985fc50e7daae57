using System.Diagnostics;
using System.Text;
using Souk.Platform.Hosting;
using Souk.Testing;

namespace Souk.Tests.Secrets;

/// <summary>What a shop prints, from its start to its end and when it can't start, holds no secret.</summary>
[Trait("security", "30")]
public sealed class LeakTests : IDisposable
{
    private const string Mark = "zYxHiddenWvU";
    private readonly string _folder = Directory.CreateTempSubdirectory("souk-leak-").FullName;

    public static TheoryData<string> Secrets => [.. KnownSettings.Secrets];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Security30_a_shop_with_marked_secrets_prints_none_of_them()
    {
        await using var vault = await VaultServer.Start();
        vault.Secret = new() { ["Customers:PaymentSecret"] = $"whsec_{Base64("payment")}" };
        var secrets = Path.Combine(_folder, "secrets");
        Directory.CreateDirectory(secrets);
        await File.WriteAllTextAsync(Path.Combine(secrets, "Souk__ServiceKey"), Base64("service"));
        await File.WriteAllTextAsync(Path.Combine(secrets, "Souk__Vault__SecretId"), vault.SecretId);
        var addresses = Shop.Services.Zip(FreePort.Some(4)).ToDictionary(x => x.First.Name, x => $"http://127.0.0.1:{x.Second}");
        var password = $"{Mark} admin's password";
        using var process = Start(
            [
                "--Souk:Data", Path.Combine(_folder, "data"), "--Souk:SecretsFolder", secrets, "--Customers:PasswordRounds", "1000", "--Souk:Vault:Address", vault.Address, "--Souk:Vault:RoleId", vault.RoleId,
                .. addresses.SelectMany(a => new[] { $"--Services:{a.Key}:Url", a.Value }),
            ],
            new() { ["Souk__AdminPassword"] = password, ["ConnectionStrings__Sales"] = $"Host=127.0.0.1;Database=x;Password={Mark}" });
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        using var http = new HttpClient { BaseAddress = new Uri(addresses["customers"]) };
        await RunningShop.Eventually(() => Task.FromResult(Read(output).Contains("Ctrl-C stops it.", StringComparison.Ordinal)), "the banner");
        (await SignIn(http, password)).ShouldBe(200);
        (await SignIn(http, $"{password} with a slip")).ShouldBe(401);
        (await http.PostAsync("/api/v2/payments/events", new StringContent("{}", Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
        using var end = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);

        process.ExitCode.ShouldBe(0);
        Read(output).ShouldContain("Souk is open");
        foreach (var secret in new[] { Mark, Base64("service"), Base64("payment"), vault.SecretId, "token-" })
        {
            Read(output).ShouldNotContain(secret);
        }
    }

    [Theory]
    [MemberData(nameof(Secrets))]
    public async Task Security30_a_secret_that_cant_be_used_is_named_and_not_repeated(string setting)
    {
        // Wrong in every way at once: too common or no Base64 or no connection string, with what looks like a keyword inside.
        var value = setting == "Souk:AdminPassword" ? $"{Mark}\n" : $"Password={Mark};{Mark}=1";
        var (certificate, key) = setting.StartsWith("Tls:", StringComparison.Ordinal) ? EncryptedFiles() : ("", "");
        using var process = Start(
            [
                "--Souk:Data", Path.Combine(_folder, "data"), $"--{setting}={value}",
                .. setting switch
                {
                    "Souk:Vault:Token" => ["--Souk:Vault:Address", "http://127.0.0.1:1"],
                    "Souk:Vault:SecretId" => ["--Souk:Vault:Address", "http://127.0.0.1:1", "--Souk:Vault:RoleId", "role"],
                    "Tls:KeyPassword" => ["--Tls:Certificate", certificate, "--Tls:Key", key],
                    _ => Array.Empty<string>(),
                },
            ],
            []);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);

        process.ExitCode.ShouldBe(1);
        (await error).ShouldContain(setting.Split(':')[^1] is "Token" or "SecretId" ? "Souk:Vault" : setting.StartsWith("Tls", StringComparison.Ordinal) ? "Tls:" : setting);
        (await error).Trim().Split('\n').Length.ShouldBe(1);
        (await error + await output).ShouldNotContain(Mark);
    }

    [Fact]
    public async Task Security30_a_value_out_of_its_place_is_not_repeated()
    {
        using var process = Start(["--Souk:AdminPassword", "first", $"{Mark} second"], []);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);

        (await error).ShouldContain("Argument 3 is neither a command nor a setting");
        (await error).ShouldNotContain(Mark);
    }

    [Fact]
    public void Security30_settings_whose_names_sound_secret_are_marked()
    {
        string[] words = ["Password", "Key", "Secret", "Token", "ConnectionStrings"];
        string[] harmless = ["Souk:Vault:TokenFile", "Souk:SecretsFolder", "Tls:Key", "Souk:Keys", "Souk:KeyDays", "Customers:SigningKeyDays", "SignIn:WrongPasswords"];

        KnownSettings.Names.Where(name => words.Any(w => name.Contains(w, StringComparison.Ordinal)) && !name.EndsWith("Rounds", StringComparison.Ordinal)).Except(harmless)
            .ShouldBe(KnownSettings.Secrets, ignoreOrder: true);
    }

    private (string Certificate, string Key) EncryptedFiles()
    {
        using var authority = new Tls.TestAuthority();
        var files = authority.IssueFiles("127.0.0.1");
        var (certificate, key) = (Path.Combine(_folder, "own.pem"), Path.Combine(_folder, "own.key"));
        File.Copy(files.Certificate, certificate);
        using var pair = System.Security.Cryptography.ECDsa.Create();
        pair.ImportFromPem(File.ReadAllText(files.Key));
        File.WriteAllText(key, pair.ExportEncryptedPkcs8PrivateKeyPem("another", new(System.Security.Cryptography.PbeEncryptionAlgorithm.Aes256Cbc, System.Security.Cryptography.HashAlgorithmName.SHA256, 1000)));
        return (certificate, key);
    }

    private static string Base64(string purpose) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Mark} {purpose} {Mark} 0123456789"));

    private static void Append(StringBuilder output, string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
        }
    }

    private static string Read(StringBuilder output)
    {
        lock (output)
        {
            return output.ToString();
        }
    }

    private static async Task<int> SignIn(HttpClient http, string password)
    {
        using var answer = await http.PostAsync("/api/v2/tokens", new StringContent(System.Text.Json.JsonSerializer.Serialize(new { username = "admin", password }), Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }

    private static Process Start(IEnumerable<string> arguments, Dictionary<string, string> environment)
    {
        var info = new ProcessStartInfo("dotnet", [typeof(Shop).Assembly.Location, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        return Process.Start(info)!;
    }
}
