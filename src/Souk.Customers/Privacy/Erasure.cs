using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Souk.Customers.Privacy;

/// <summary>
/// The erasure of a customer, as it goes through the services: Customers erases in the step that starts it, the others when they take
/// the event that tells of it. Nothing here says who it was but the identifier, which nothing personal stands beside any more.
/// </summary>
internal sealed class Erasure
{
    /// <summary>The services that erase when they hear of it.</summary>
    public static readonly string[] Others = ["sales", "reviews"];

    /// <summary>How long it can be followed.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    /// <summary>The customer who was erased.</summary>
    public Guid Id { get; init; }

    /// <summary>The digest of the receipt: who holds the receipt may follow it, for there is no account any more that could.</summary>
    public required string ReceiptDigest { get; init; }

    /// <summary>The event's number in the outbox.</summary>
    public long EventId { get; init; }

    public DateTime StartedAt { get; init; }

    /// <summary>A receipt that nobody can guess. With an Idempotency-Key it is the same for the same request, so that a lost answer can be had again.</summary>
    public static string NewReceipt(byte[] secret, Guid caller, string username, string? key) => Base64Url.EncodeToString(
        key is null ? RandomNumberGenerator.GetBytes(32) : HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"erasure\n{caller}\n{username}\n{key}")));

    public static string DigestOf(string receipt) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(receipt)));
}
