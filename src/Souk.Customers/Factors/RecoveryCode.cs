using System.Security.Cryptography;
using System.Text;
using OtpNet;
using Souk.Platform.Logging;

namespace Souk.Customers.Factors;

/// <summary>
/// A code on paper that stands in for a lost factor, once: using it deletes it. Only its hash is kept. It has 80 random bits, which nobody
/// tries out, so a fast hash is enough (ASVS 5, 6.5.2 asks for a slow one below 112 bits of a password; a salt is the customer's identifier).
/// </summary>
internal sealed class RecoveryCode
{
    /// <summary>How many a customer gets.</summary>
    public const int Count = 10;

    /// <summary>How long a code is, without the dashes.</summary>
    public const int Length = 16;

    private const int Bytes = 10;
    private const int Group = 4;

    public Guid CustomerId { get; init; }

    /// <summary>SHA-256 of the customer's identifier and the code.</summary>
    [Personal]
    public required byte[] Hash { get; init; }

    /// <summary>A new code, as a person writes it down: four groups of four.</summary>
    public static string New() =>
        string.Join('-', Base32Encoding.ToString(RandomNumberGenerator.GetBytes(Bytes)).Chunk(Group).Select(group => new string(group)));

    /// <summary>What is kept of a code, or null when it can't be one. Case, spaces and dashes don't matter.</summary>
    public static byte[]? HashOf(Guid customerId, string code)
    {
        var plain = code.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        return plain.Length == Length ? SHA256.HashData([.. customerId.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(plain)]) : null;
    }
}
