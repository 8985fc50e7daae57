using Microsoft.EntityFrameworkCore;
using Souk.Platform.Persistence;

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
    /// <summary>A state by its name, as it is stored.</summary>
    public static HoldState StateOf(string name) => name switch
    {
        nameof(HoldState.Held) => HoldState.Held,
        nameof(HoldState.Settled) => HoldState.Settled,
        nameof(HoldState.Voided) => HoldState.Voided,
        nameof(HoldState.Returned) => HoldState.Returned,
        _ => throw new ArgumentException($"A hold can't be '{name}'.", nameof(name)),
    };

    /// <summary>A state's name, as it is stored.</summary>
    public static string NameOf(HoldState state) => state switch
    {
        HoldState.Held => nameof(HoldState.Held),
        HoldState.Settled => nameof(HoldState.Settled),
        HoldState.Voided => nameof(HoldState.Voided),
        HoldState.Returned => nameof(HoldState.Returned),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "A hold has one of four states."),
    };

    /// <summary>Inserts the columns that every hold has.</summary>
    public static SetInsert<THold> Insert<THold>(string table)
        where THold : Hold =>
        new SetInsert<THold>(table).With("sale_id", h => h.SaleId).With("fingerprint", h => h.Fingerprint).With("state", h => NameOf(h.State)).With("at", h => h.At).With("ask_from", h => h.AskFrom);

    /// <summary>Changes the state of holds.</summary>
    public static SetChange<THold> Change<THold>(string table)
        where THold : Hold =>
        new SetChange<THold>($"UPDATE {table} SET state = @becomes", $"{table}.sale_id = @sale").With("becomes", h => NameOf(h.State)).With("sale", h => h.SaleId);

    /// <summary>Changes the state of the holds that are in a given one.</summary>
    public static SetChange<(Guid Sale, HoldState From, HoldState To)> Advance(string table) =>
        new SetChange<(Guid Sale, HoldState From, HoldState To)>($"UPDATE {table} SET state = @becomes", $"{table}.sale_id = @sale AND {table}.state = @was")
            .With("becomes", c => NameOf(c.To)).With("sale", c => c.Sale).With("was", c => NameOf(c.From));

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
