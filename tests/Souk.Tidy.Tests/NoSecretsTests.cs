using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Souk.Tidy.Tests;

/// <summary>No file of the repository holds key material.</summary>
[Trait("security", "30")]
public partial class NoSecretsTests
{
    [Fact]
    public void Security30_no_tracked_file_looks_like_it_held_a_secret()
    {
        var files = Tracked();
        files.Length.ShouldBeGreaterThan(300);

        files.Where(f => File.Exists(f) && new FileInfo(f).Length < 5_000_000)
            .SelectMany(f => File.ReadLines(f).Select((line, i) => (Place: $"{Repository.Name(f)}:{i + 1}", Line: line)))
            .Where(x => IsSecret(x.Line)).Select(x => x.Place).ShouldBeEmpty();
    }

    [Fact]
    public void Security30_no_tracked_file_is_a_key_or_a_store_of_keys()
    {
        string[] kinds = [".pem", ".key", ".pfx", ".p12", ".jks", ".keystore", ".ppk", ".kdbx"];

        Tracked().Where(f => kinds.Contains(Path.GetExtension(f)) || Path.GetFileName(f) is ".env" or "id_rsa" or "id_ed25519" or "service.key").ShouldBeEmpty();
    }

    [Fact]
    public void What_the_search_looks_for_it_finds()
    {
        // Made here, so that this very file is none of its finds.
        using var rsa = RSA.Create(1024);
        using var ec = ECDsa.Create();
        var base64 = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        string[] secrets =
        [
            rsa.ExportRSAPrivateKeyPem(), rsa.ExportPkcs8PrivateKeyPem(), ec.ExportECPrivateKeyPem(), $"AKIA{new string('Q', 16)}", $"ghp_{new string('a', 36)}", $"hvs.{new string('a', 24)}",
            $"{"whsec"}_{base64}", $"\"Souk:ServiceKey\": \"{base64}\"", $"Souk__ServiceKey={base64}", $"PaymentSecret: {base64}", $"xoxb-{new string('1', 20)}",
        ];

        secrets.Where(s => !s.Split('\n').Any(IsSecret)).ShouldBeEmpty();
        IsSecret("A public key: -----BEGIN PUBLIC KEY-----").ShouldBeFalse();
    }

    private static bool IsSecret(string line) => Material().IsMatch(line);

    /// <summary>Private keys; tokens of AWS, GitHub, Slack, Google and Vault; secrets of webhooks; a long value behind a name of Souk's own secrets.</summary>
    [GeneratedRegex(@"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}|\bxox[abprs]-[0-9A-Za-z-]{16}|\bAIza[0-9A-Za-z_-]{35}|\bhv[sbr]\.[A-Za-z0-9_-]{24}|whsec_[A-Za-z0-9+/]{32}|(?:ServiceKey|PaymentSecret|SecretId|KeyPassword)[""']?\s*[=:,]\s*[""']?[A-Za-z0-9+/]{40}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Material();

    private static string[] Tracked()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", Repository.Root, "ls-files", "-z"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var names = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return [.. names.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(n => Path.Combine(Repository.Root, n))];
    }
}
