using Microsoft.AspNetCore.Identity;

namespace Souk.Customers.Factors;

/// <summary>A passkey: the public half of a key that a customer's device keeps (WebAuthn level 3, a credential record).</summary>
internal sealed class Passkey
{
    /// <summary>How many a customer may have.</summary>
    public const int Most = 20;

    public Guid Id { get; init; }

    public Guid CustomerId { get; init; }

    /// <summary>What the device calls it; at most 1,023 bytes.</summary>
    public required byte[] CredentialId { get; init; }

    /// <summary>What its signatures are checked with (COSE, RFC 9052).</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>What its owner calls it.</summary>
    public required string Name { get; init; }

    /// <summary>How often the device says that it was used; some always say zero.</summary>
    public long SignCount { get; set; }

    /// <summary>How the device is spoken to, in words of the standard, with spaces between.</summary>
    public required string Transports { get; init; }

    public bool IsBackupEligible { get; init; }

    public bool IsBackedUp { get; set; }

    public DateTime CreatedAt { get; init; }

    public DateTime? UsedAt { get; set; }

    /// <summary>A new one, as Identity has checked it.</summary>
    public static Passkey Of(Guid id, Guid customerId, string name, UserPasskeyInfo info, DateTime now) => new()
    {
        Id = id,
        CustomerId = customerId,
        Name = name,
        CredentialId = info.CredentialId,
        PublicKey = info.PublicKey,
        SignCount = info.SignCount,
        Transports = string.Join(' ', info.Transports ?? []),
        IsBackupEligible = info.IsBackupEligible,
        IsBackedUp = info.IsBackedUp,
        CreatedAt = now,
    };

    /// <summary>As Identity checks against it. How it was made is not kept: nothing is ever checked by that again.</summary>
    public UserPasskeyInfo Info() => new(
        CredentialId, PublicKey, new DateTimeOffset(CreatedAt, TimeSpan.Zero), (uint)SignCount, Transports.Split(' ', StringSplitOptions.RemoveEmptyEntries), isUserVerified: true, IsBackupEligible, IsBackedUp, [], []);
}

/// <summary>What a browser's answer is for.</summary>
internal enum PasskeyUse
{
    Adding,
    SigningIn,
    SteppingUp,
}

/// <summary>A challenge that a browser was given and has yet to answer. Its answer counts once: it deletes the challenge.</summary>
internal sealed class PasskeyChallenge
{
    /// <summary>How long the answer may take.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public Guid Id { get; init; }

    public PasskeyUse Use { get; init; }

    /// <summary>Whose it is; null where nobody has said yet who signs in.</summary>
    public Guid? CustomerId { get; init; }

    /// <summary>What Identity wants to see again with the answer.</summary>
    public required string State { get; init; }

    public DateTime ExpiresAt { get; init; }
}
