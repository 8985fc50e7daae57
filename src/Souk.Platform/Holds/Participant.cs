using Souk.Platform.Errors;
using Souk.Platform.Persistence;

namespace Souk.Platform.Holds;

/// <summary>
/// A service's part in sales: what it holds for them, and how that ends. Every way a sale can end comes through here, and each may
/// come late, twice or before the hold itself.
/// </summary>
/// <typeparam name="TDb">The service's model.</typeparam>
/// <typeparam name="THold">What it holds.</typeparam>
public abstract class Participant<TDb, THold>
    where TDb : ServiceDb
    where THold : Hold
{
    private static readonly string[] GivenBack = ["hold given back"];

    private readonly GroupCommit<TDb> _writer;
    private readonly Func<ITransaction<TDb>, IHoldTables<THold>> _tables;
    private readonly TimeProvider _time;
    private readonly SetWrite<TDb, SaleEnd, Done> _end;

    /// <summary>Makes it.</summary>
    /// <param name="writer">The service's writer.</param>
    /// <param name="tables">Where holds are kept, in a transaction.</param>
    /// <param name="time">The clock.</param>
    protected Participant(GroupCommit<TDb> writer, Func<ITransaction<TDb>, IHoldTables<THold>> tables, TimeProvider time)
    {
        (_writer, _tables, _time) = (writer, tables, time);
        _end = new(EndAll);
    }

    /// <summary>Brings holds to the outcome of their sales; done when it is durable.</summary>
    public async Task<Result<Done>> End(IReadOnlyList<SaleEnd> ends)
    {
        foreach (var end in await _writer.Write(_end, [.. ends]))
        {
            if (end.Error is { } error)
            {
                return error;
            }
        }

        return default(Done);
    }

    /// <summary>Undoes what holds took, in the transaction that ends them. Each has its new state already.</summary>
    protected abstract Task GiveBack(ITransaction<TDb> transaction, IReadOnlyList<THold> holds);

    /// <summary>A voided hold that took nothing.</summary>
    protected abstract THold Tombstone(Guid saleId, DateTime now);

    private async Task<IReadOnlyList<Result<Done>>> EndAll(ITransaction<TDb> transaction, IReadOnlyList<SaleEnd> ends)
    {
        var tables = _tables(transaction);
        Guid[] sales = [.. ends.Select(e => e.SaleId).Distinct().Order()];
        if (ends.All(e => e.Outcome == SaleOutcome.Committed))
        {
            // Nearly all sales end so, and nothing has to be known for it: what is held is settled, and whatever else there is stays as it is.
            await tables.Advance(sales, HoldState.Held, HoldState.Settled);
            return new Result<Done>[ends.Count];
        }

        var holds = await tables.Lock(sales);
        var (changed, tombstones, returned) = (new HashSet<THold>(), new List<THold>(), new List<THold>());
        for (var i = 0; i < ends.Count; i++)
        {
            var (saleId, outcome) = ends[i];
            if (holds.TryGetValue(saleId, out var hold))
            {
                var already = returned.Count;
                End(hold, outcome, changed, returned);
                if (returned.Count > already)
                {
                    // A hold that is settled moves nothing any more; one that goes back does.
                    transaction.Trail.Note(i, saleId, GivenBack);
                }
            }
            else if (outcome == SaleOutcome.Aborted)
            {
                // The void overtook its hold. The tombstone refuses the hold when it comes.
                holds.Add(saleId, hold = Tombstone(saleId, _time.GetUtcNow().UtcDateTime));
                tombstones.Add(hold);
            }
        }

        if (returned.Count > 0)
        {
            await GiveBack(transaction, returned);
        }

        await tables.Save([.. changed], tombstones);
        return new Result<Done>[ends.Count];
    }

    private static void End(THold hold, SaleOutcome outcome, HashSet<THold> changed, List<THold> returned)
    {
        var next = (hold.State, outcome) switch
        {
            (HoldState.Held, SaleOutcome.Committed) => HoldState.Settled,
            (HoldState.Held, SaleOutcome.Aborted) => HoldState.Voided,
            (HoldState.Held or HoldState.Settled, SaleOutcome.Cancelled) => HoldState.Returned,
            _ => hold.State,
        };
        if (next == hold.State)
        {
            return;
        }

        hold.State = next;
        changed.Add(hold);
        if (next is HoldState.Voided or HoldState.Returned)
        {
            returned.Add(hold);
        }
    }
}

/// <summary>Where a participant keeps its holds, seen from inside a transaction.</summary>
/// <typeparam name="THold">What it holds.</typeparam>
public interface IHoldTables<THold>
    where THold : Hold
{
    /// <summary>The holds of these sales, locked until the transaction ends.</summary>
    Task<Dictionary<Guid, THold>> Lock(IReadOnlyCollection<Guid> sales);

    /// <summary>Brings the holds of these sales that are in one state to another one. The sales are in order, and so the rows are locked.</summary>
    Task Advance(IReadOnlyList<Guid> sales, HoldState from, HoldState to);

    /// <summary>Keeps the states of holds that changed, and new tombstones.</summary>
    Task Save(IReadOnlyList<THold> changed, IReadOnlyList<THold> tombstones);
}

/// <summary>Finds the holds whose lease has run out.</summary>
/// <typeparam name="THold">What is held.</typeparam>
public interface IOverdueHolds<THold>
    where THold : Hold
{
    /// <summary>The sales of the holds that have waited longest, the oldest first.</summary>
    /// <param name="now">The time (UTC).</param>
    /// <param name="most">How many at most.</param>
    /// <param name="stop">Ends the search.</param>
    Task<List<Guid>> Find(DateTime now, int most, CancellationToken stop);
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
