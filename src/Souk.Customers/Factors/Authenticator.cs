using System.Security.Cryptography;
using OtpNet;
using Souk.Platform.Logging;

namespace Souk.Customers.Factors;

/// <summary>
/// A customer's authenticator app: the secret that it shares with the shop, by which both make the same six digits every 30 seconds
/// (TOTP, RFC 6238, by Otp.NET). It counts once a first code of it was seen.
/// </summary>
internal sealed class Authenticator
{
    /// <summary>How long a secret is, in bytes (RFC 4226, section 4).</summary>
    private const int SecretBytes = 20;

    /// <summary>One step before and after now are taken too, for clocks that are not quite right (RFC 6238, section 5.2).</summary>
    private static readonly VerificationWindow Window = new(previous: 1, future: 1);

    public Guid CustomerId { get; init; }

    /// <summary>What the app and the shop share.</summary>
    [Personal]
    public required byte[] Secret { get; init; }

    public DateTime CreatedAt { get; init; }

    /// <summary>When the first code was shown; null: it does not count yet.</summary>
    public DateTime? ConfirmedAt { get; set; }

    /// <summary>The time step of the last code that was taken; that code and all before it are spent.</summary>
    public long LastStep { get; set; }

    /// <summary>Wrong codes in a row, and the one that is being looked at.</summary>
    public int Tries { get; set; }

    /// <summary>Until when no code is looked at; null: now.</summary>
    public DateTime? BlockedUntil { get; set; }

    /// <summary>A new one, that does not count yet.</summary>
    public static Authenticator Of(Guid customerId, DateTime now) =>
        new() { CustomerId = customerId, Secret = RandomNumberGenerator.GetBytes(SecretBytes), CreatedAt = now };

    /// <summary>What the app reads to know the secret (https://github.com/google/google-authenticator/wiki/Key-Uri-Format).</summary>
    public string Uri(string username) => new OtpUri(OtpType.Totp, Secret, username, "Souk").ToString();

    /// <summary>The time step whose code this is, if it is one of now and none that is spent; otherwise null.</summary>
    public long? StepOf(string code, DateTime now) =>
        new Totp(Secret).VerifyTotp(now, code, out var step, Window) && step > LastStep ? step : null;
}
