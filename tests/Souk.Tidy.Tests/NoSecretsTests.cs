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
        var files = Repository.Tracked();
        files.Length.ShouldBeGreaterThan(300);

        files.Where(f => File.Exists(f) && new FileInfo(f).Length < 5_000_000)
            .SelectMany(f => File.ReadLines(f).Select((line, i) => (Place: $"{Repository.Name(f)}:{i + 1}", Line: line)))
            .Where(x => IsSecret(x.Line)).Select(x => x.Place).ShouldBeEmpty();
    }

    [Fact]
    public void Security30_no_tracked_file_is_a_key_or_a_store_of_keys()
    {
        string[] kinds = [".pem", ".key", ".pfx", ".p12", ".jks", ".keystore", ".ppk", ".kdbx", ".der"];

        Repository.Tracked().Where(f => kinds.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase) || Path.GetFileName(f) is "id_rsa" or "id_ecdsa" or "id_ed25519" || Path.GetFileName(f).StartsWith(".env", StringComparison.Ordinal)).ShouldBeEmpty();
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
            $"{"whsec"}_{base64}", $"\"Souk:ServiceKey\": \"{base64}\"", $"Souk__ServiceKey={base64}", $"Souk__MasterKey={base64}", $"Souk__DatabaseKey={base64}", $"github{"_pat_"}{new string('a', 82)}", $"PaymentSecret: {base64}", $"xoxb-{new string('1', 20)}",
        ];

        secrets.Where(s => !s.Split('\n').Any(IsSecret)).ShouldBeEmpty();
        IsSecret("A public key: -----BEGIN PUBLIC KEY-----").ShouldBeFalse();
    }

    private static bool IsSecret(string line) => Material().IsMatch(line);

    /// <summary>Private keys; tokens of AWS, GitHub, Slack, Google and Vault; secrets of webhooks; a long value behind a name of Souk's own secrets.</summary>
    [GeneratedRegex(@"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_[A-Za-z0-9_]{60}|\bxox[abprs]-[0-9A-Za-z-]{16}|\bAIza[0-9A-Za-z_-]{35}|\bhv[sbr]\.[A-Za-z0-9_-]{24}|whsec_[A-Za-z0-9+/]{32}|(?:ServiceKey|MasterKey|DatabaseKey|PaymentSecret|SecretId|KeyPassword)[""']?\s*[=:,]\s*[""']?[A-Za-z0-9+/]{40}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Material();
}
