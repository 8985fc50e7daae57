using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Souk.Platform.Errors;
using Souk.Platform.Persistence;

namespace Souk.Platform.Holds;

/// <summary>
/// What ends a hold. Every way a sale can end comes through here, and each may come late, twice or before the hold itself.
/// </summary>
/// <typeparam name="TDb">The participant's model.</typeparam>
/// <typeparam name="THold">Its hold.</typeparam>
/// <param name="giveBack">Undoes what the hold took, in the same transaction; it is told how the sale ended.</param>
/// <param name="tombstone">A voided hold that took nothing.</param>
public sealed class Participant<TDb, THold>(Func<TDb, THold, SaleOutcome, IServiceProvider, Task> giveBack, Func<Guid, DateTime, THold> tombstone)
    where TDb : ServiceDb
    where THold : Hold
{
    /// <summary>Brings a hold to the outcome of its sale.</summary>
    public async Task<Result<Done>> End(TDb db, IServiceProvider services, Guid saleId, SaleOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(db);
        var hold = await db.Set<THold>().SingleOrDefaultAsync(h => h.SaleId == saleId);
        if (hold is null)
        {
            if (outcome == SaleOutcome.Aborted)
            {
                // The void overtook its hold. The tombstone refuses the hold when it comes.
                db.Add(tombstone(saleId, services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime));
            }

            return default(Done);
        }

        var next = (hold.State, outcome) switch
        {
            (HoldState.Held, SaleOutcome.Committed) => HoldState.Settled,
            (HoldState.Held, SaleOutcome.Aborted) => HoldState.Voided,
            (HoldState.Held or HoldState.Settled, SaleOutcome.Cancelled) => HoldState.Returned,
            _ => hold.State,
        };
        if (next != hold.State && next is HoldState.Voided or HoldState.Returned && hold.State is HoldState.Held or HoldState.Settled)
        {
            await giveBack(db, hold, outcome, services);
        }

        hold.State = next;
        return default(Done);
    }
}

/// <summary>How a sale ended.</summary>
public enum SaleOutcome
{
    /// <summary>It stands.</summary>
    Committed,

    /// <summary>It never happened.</summary>
    Aborted,

    /// <summary>It stood, and was taken back.</summary>
    Cancelled,
}

/// <summary>The outcome of one sale, as services tell each other.</summary>
/// <param name="SaleId">The sale.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record SaleEnd(Guid SaleId, SaleOutcome Outcome);

/// <summary>The question of a participant whose holds have waited long: asking aborts what is not decided.</summary>
/// <param name="SaleIds">The sales.</param>
public sealed record AskOutcomes(IReadOnlyList<Guid> SaleIds);
