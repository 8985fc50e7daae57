using Microsoft.EntityFrameworkCore;

namespace Souk.Platform.Holds;

/// <summary>Where a hold stands: none → held → settled | voided, and settled or held → returned when the order is cancelled.</summary>
public enum HoldState
{
    /// <summary>Taken; the sale is not known to be decided.</summary>
    Held,

    /// <summary>The sale was committed: what was taken is gone for good.</summary>
    Settled,

    /// <summary>The sale was aborted: what was taken was given back. Also the tombstone of a hold that came too late.</summary>
    Voided,

    /// <summary>The committed sale was cancelled: what was taken was given back.</summary>
    Returned,
}

/// <summary>How long a hold waits before its service asks for the sale's outcome.</summary>
/// <param name="Time">The time.</param>
public sealed record Lease(TimeSpan Time);

/// <summary>What a participant of a sale (stock, wallet) keeps for it until the sale's outcome is known.</summary>
public abstract class Hold
{
    /// <summary>The sale. One hold a sale and participant.</summary>
    public Guid SaleId { get; init; }

    /// <summary>What the hold was for; the same sale with other contents is refused. Empty in a tombstone.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Where it stands.</summary>
    public HoldState State { get; set; }

    /// <summary>When it was taken (UTC).</summary>
    public DateTime At { get; init; }

    /// <summary>From when on the participant asks Sales for the outcome (UTC). It never voids by itself.</summary>
    public DateTime AskFrom { get; set; }
}

/// <summary>The part of a participant's model that is the same for every hold.</summary>
public static class HoldModel
{
    /// <summary>Its key, and the index by which overdue holds are found.</summary>
    public static void Describe<THold>(ModelBuilder model)
        where THold : Hold
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Entity<THold>(hold =>
        {
            hold.HasKey(h => h.SaleId);
            hold.Property(h => h.SaleId).ValueGeneratedNever();
            hold.HasIndex(h => h.AskFrom).HasFilter("state = 'Held'");
        });
    }
}
