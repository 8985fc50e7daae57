using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Souk.Platform.Webhooks;

/// <summary>
/// How webhooks are signed, going out and coming in: HMAC-SHA256 over identifier, timestamp and body, as Standard Webhooks has it
/// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
/// </summary>
public static class WebhookSignature
{
    /// <summary>The header with the message's identifier, the same for each attempt.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>The header with the attempt's time, in seconds since 1970.</summary>
    public const string TimeHeader = "webhook-timestamp";

    /// <summary>The header with the signatures, separated by spaces.</summary>
    public const string SignatureHeader = "webhook-signature";

    /// <summary>How far a timestamp may be from now.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string Scheme = "v1,";
    private const string Prefix = "whsec_";
    private const int SecretBytes = 32;
    private const int SecretLeast = 24;
    private const int MostSignatures = 10;

    /// <summary>A new secret, as it is shown to whoever checks or makes signatures with it.</summary>
    public static string NewSecret() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>The key in a secret, or null when it is none: Base64 of at least 24 bytes, with or without <c>whsec_</c> before it.</summary>
    public static byte[]? KeyOf(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        var text = secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret[Prefix.Length..] : secret;
        var key = new byte[text.Length];
        return Convert.TryFromBase64String(text, key, out var length) && length >= SecretLeast ? key[..length] : null;
    }

    /// <summary>The signature of a message.</summary>
    public static string Of(byte[] key, string id, long seconds, ReadOnlySpan<byte> body) => Scheme + Convert.ToBase64String(Mac(key, id, seconds, body));

    /// <summary>Whether a message is signed with the key, and its time is near. Signatures are compared in constant time.</summary>
    /// <param name="key">The key.</param>
    /// <param name="id">The identifier that was sent.</param>
    /// <param name="timestamp">The time that was sent.</param>
    /// <param name="signatures">The signatures that were sent; one that fits is enough, so that keys can change.</param>
    /// <param name="body">The body as it was sent.</param>
    /// <param name="now">The time.</param>
    public static bool IsRight(byte[] key, string id, string timestamp, string signatures, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || Math.Abs(now.ToUnixTimeSeconds() - (decimal)seconds) > (decimal)Tolerance.TotalSeconds)
        {
            return false;
        }

        // The buffer is longer than any right signature, so that one that is too long is not taken for one that fits.
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes + 1];
        var (mac, right) = (Mac(key, id, seconds, body), false);
        foreach (var signature in signatures.Split(' ').Take(MostSignatures))
        {
            right |= signature.StartsWith(Scheme, StringComparison.Ordinal)
                && Convert.TryFromBase64String(signature[Scheme.Length..], given, out var length)
                && CryptographicOperations.FixedTimeEquals(mac, given[..length]);
        }

        return right;
    }

    private static byte[] Mac(byte[] key, string id, long seconds, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{seconds}.")));
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }
}
