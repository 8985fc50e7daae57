using System.Security.Cryptography;
using System.Text;
using Souk.Platform.Logging;

namespace Souk.Customers.Resets;

/// <summary>A customer may set a new password without the old one, once and soon. There is one a customer; a new one replaces it.</summary>
internal sealed class PasswordReset
{
    /// <summary>How long one lasts.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    /// <summary>No customer gets more than one in this time, so that nobody fills somebody's letterbox.</summary>
    public static readonly TimeSpan Between = TimeSpan.FromMinutes(1);

    public Guid CustomerId { get; init; }

    /// <summary>The digest of the token; the token itself is nowhere but in the letter.</summary>
    [Personal]
    public required byte[] TokenHash { get; set; }

    public DateTime MadeAt { get; set; }

    /// <summary>From when on it is worth nothing (UTC).</summary>
    public DateTime EndsAt { get; set; }

    /// <summary>What is stored of a token.</summary>
    public static byte[] DigestOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
