using Souk.Platform.Logging;

namespace Souk.Customers.Sessions;

/// <summary>
/// Somebody signed in on one device: what every token that follows from it belongs to. It lasts until <see cref="EndsAt"/>; to end
/// it early is to set that to now, so there is one question only that tells whether it still counts.
/// </summary>
internal sealed class Session
{
    /// <summary>Its identifier, which its access tokens carry as <c>sid</c>.</summary>
    public Guid Id { get; init; }

    public Guid CustomerId { get; init; }

    /// <summary>The digest of the refresh token's lasting half; null where there is no refresh token (the first contract).</summary>
    [Personal]
    public byte[]? FamilyHash { get; init; }

    /// <summary>The digest of the refresh token's half that changes with each use.</summary>
    [Personal]
    public byte[]? TurnHash { get; set; }

    /// <summary>When its customer signed in (UTC); the tokens' <c>auth_time</c>.</summary>
    public DateTime StartedAt { get; init; }

    /// <summary>When its customer last showed a second factor in it (UTC); null when never.</summary>
    public DateTime? FactorAt { get; set; }

    /// <summary>When a token was last issued for it (UTC).</summary>
    public DateTime UsedAt { get; set; }

    /// <summary>From when on none of its tokens counts (UTC).</summary>
    public DateTime EndsAt { get; set; }

    /// <summary>The network address that signed in. Empty once the customer is deleted.</summary>
    [Personal]
    public required string Address { get; set; }

    /// <summary>What the device called itself (User-Agent). Empty once the customer is deleted.</summary>
    [Personal]
    public required string Agent { get; set; }
}
