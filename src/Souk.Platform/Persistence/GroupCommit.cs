using Microsoft.Extensions.Logging;
using Souk.Platform.Audit;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Values;

namespace Souk.Platform.Persistence;

/// <summary>
/// The writer of a service. It takes whatever is queued when it is free, does it in one transaction and answers each caller: N
/// durable commits become one, and N waits for a popular row become one. There are two queues: single writes, which go one by
/// one through the model, and set writes, which are done for a whole batch in a few statements.
/// <list type="bullet">
/// <item>A refusal undoes its own write alone; the rest of the batch goes on.</item>
/// <item>An exception rolls the batch back and each write is done again alone, so that the one at fault fails alone.</item>
/// <item>A conflict with another writer, and a commit that nobody answered for, is done again; set writes are known by their identifiers.</item>
/// <item>A full queue answers 503 before anything has started; so does a database that can't store.</item>
/// <item>A caller that goes away does not take back a write that has started.</item>
/// </list>
/// </summary>
/// <typeparam name="TDb">The service's model.</typeparam>
public sealed partial class GroupCommit<TDb> : IAsyncDisposable
    where TDb : ServiceDb
{
    private const int MostTries = 5;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(5);

    private readonly IStorage<TDb> _storage;
    private readonly TimeProvider _time;
    private readonly Jitter _jitter;
    private readonly ILogger<GroupCommit<TDb>> _log;
    private readonly Batcher<Write<TDb>, bool> _singles;
    private readonly Batcher<Write<TDb>, bool> _sets;
    private int _recorded;

    /// <summary>Starts the writer.</summary>
    public GroupCommit(IStorage<TDb> storage, TimeProvider time, Jitter jitter, ILogger<GroupCommit<TDb>> log)
    {
        ArgumentNullException.ThrowIfNull(storage);
        (_storage, _time, _jitter, _log) = (storage, time, jitter, log);
        var (singles, sets) = (new Way(storage.BeginSingles, SingleWrites.Run, Repeatable: false), new Way(storage.BeginSets, RunSets, Repeatable: true));
        _singles = new(writes => Run(writes, singles), Limits.Batch, Limits.Queue, time);
        _sets = new(writes => RunByKind(writes, sets), Limits.Batch, Limits.Queue, time, storage.Writers, write => write.Weight);
    }

    /// <summary>Raised after each commit that published events, with their types.</summary>
    public event Action<ISet<string>>? EventsCommitted;

    /// <summary>Raised after each commit of single writes that changed the service's own entities, before their callers are told.</summary>
    public event Action? ModelChanged;

    /// <summary>Does a write: in a transaction, after those queued before it, durable when the task ends without an error.</summary>
    /// <param name="work">Reads and changes the model. It may run twice, so it touches nothing but the model; what it changed
    /// is undone when it answers with a refusal.</param>
    public Task<Result<T>> Write<T>(Func<TDb, Task<Result<T>>> work) => Enqueue(_singles, new SingleWrite<TDb, T>(work));

    /// <summary>The same, once for each Idempotency-Key: a repetition gets the first one's answer, be it value or refusal.</summary>
    public Task<Result<T>> WriteOnce<T>(Once once, Func<TDb, Task<Result<T>>> work)
    {
        ArgumentNullException.ThrowIfNull(once);
        return once.Key is null ? Write(work) : Enqueue(_singles, new WriteOnce<TDb, T>(once, work, _time));
    }

    /// <summary>Does a write together with others of its kind: durable when the task ends without an error.</summary>
    public async Task<Result<T>> Write<TItem, T>(SetWrite<TDb, TItem, T> kind, TItem item) => (await Write(kind, [item]))[0];

    /// <summary>Does writes that came together, with others of their kind: what is answered without an error is durable when the task ends.</summary>
    /// <param name="kind">What is to be done.</param>
    /// <param name="items">To what. They are done in one transaction, unless one of them fails; then each is done alone.</param>
    /// <returns>An answer for each item, in their order.</returns>
    public async Task<IReadOnlyList<Result<T>>> Write<TItem, T>(SetWrite<TDb, TItem, T> kind, TItem[] items)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (items.Length == 0)
        {
            return [];
        }

        var answer = await Enqueue(_sets, new SetWrite<TDb, TItem, T>.Items(kind, items));
        return answer.Refused(out var full, out var answers) ? [.. items.Select(_ => (Result<T>)full)] : answers;
    }

    /// <summary>Notes that the audit log has got longer, so that its new blocks are soon chained.</summary>
    internal void NoteRecorded() => Interlocked.Exchange(ref _recorded, 1);

    /// <summary>Whether the audit log has got longer since the last time.</summary>
    internal bool TakeRecorded() => Interlocked.Exchange(ref _recorded, 0) == 1;

    /// <summary>Finishes what is queued.</summary>
    public async ValueTask DisposeAsync()
    {
        await _singles.DisposeAsync();
        await _sets.DisposeAsync();
    }

    private static async Task<Result<T>> Enqueue<T>(Batcher<Write<TDb>, bool> queue, Write<TDb, T> write)
    {
        if (!queue.TryAdd(write, out var queued))
        {
            return CommonErrors.Busy.With("The queue of writes is full.") with { RetryAfter = Limits.BusyRetryAfter };
        }

        await queued;
        return write.Answer;
    }

    /// <summary>One kind a transaction: within a kind rows are locked in the order of their keys, across kinds two instances could wait for each other.</summary>
    private async Task<IReadOnlyList<bool>> RunByKind(IReadOnlyList<Write<TDb>> writes, Way way)
    {
        foreach (var kind in writes.GroupBy(w => ((ISetItems<TDb>)w).Kind))
        {
            await Run([.. kind], way);
        }

        return new bool[writes.Count];
    }

    /// <summary>Does writes in one transaction, again where that can help.</summary>
    /// <param name="writes">The writes.</param>
    /// <param name="way">How.</param>
    /// <param name="unknown">Whether a commit of theirs got no answer. Then they may be stored, and no later failure says that they are not.</param>
    private async Task<IReadOnlyList<bool>> Run(IReadOnlyList<Write<TDb>> writes, Way way, bool unknown = false)
    {
        for (var tries = 1; await Attempt(writes, way) is { } failure; tries++)
        {
            var fault = failure is OutcomeUnknownException ? StorageFault.Unknown : _storage.FaultOf(failure);
            unknown |= fault == StorageFault.Unknown;
            var again = fault == StorageFault.Again || (fault == StorageFault.Unknown && way.Repeatable);
            if (again && tries < MostTries)
            {
                await Task.Delay(_jitter.Pause(ShortestPause, tries), _time);
            }
            else if (fault != StorageFault.Bug)
            {
                LogCantStore(failure, writes.Count);
                RefuseAll(writes, unknown);
                break;
            }
            else if (writes is [{ Weight: 1 } faulty])
            {
                LogFailed(failure);
                faulty.Fail(failure);
                break;
            }
            else
            {
                LogReplay(failure, writes.Count);
                foreach (var write in writes.SelectMany(w => w.Alone()))
                {
                    await Run([write], way, unknown);
                }

                break;
            }
        }

        return new bool[writes.Count];
    }

    /// <summary>Commits writes; null when they have their answers, otherwise what made all of them undone.</summary>
    private async Task<Exception?> Attempt(IReadOnlyList<Write<TDb>> writes, Way way)
    {
        ITransaction<TDb> committed;
        try
        {
            await using var transaction = await way.Begin();
            var now = Moments.Of(_time);
            await way.Run(transaction, writes, now);
            if (transaction.Trail.Entries is { Count: > 0 } entries)
            {
                await transaction.Record(AuditBlock.Of(entries, now));
            }

            await transaction.Commit();
            committed = transaction;
        }
        catch (Exception e)
        {
            return e;
        }

        // Outside the attempt: whatever happens from here on, what is committed is not done again.
        Tell(committed, way);
        return null;
    }

    private void Tell(ITransaction<TDb> committed, Way way)
    {
        foreach (var action in committed.WhenCommitted)
        {
            action();
        }

        if (committed.Trail.Entries.Count > 0)
        {
            NoteRecorded();
        }

        // Single writes are the ones that can't be repeated; the audit log tells of each that changed something but the platform's own tables.
        if (!way.Repeatable && committed.Trail.Entries.Count > 0)
        {
            ModelChanged?.Invoke();
        }

        if (committed.Published.Count > 0)
        {
            EventsCommitted?.Invoke(committed.Published);
        }
    }

    private static Task RunSets(ITransaction<TDb> transaction, IReadOnlyList<Write<TDb>> writes, DateTime now) =>
        ((ISetItems<TDb>)writes[0]).Kind.Run(transaction, writes, now);

    private static void RefuseAll(IReadOnlyList<Write<TDb>> writes, bool unknown)
    {
        var error = unknown
            ? CommonErrors.OutcomeUnknown.With("The database went away while this was being stored. Send it again with its Idempotency-Key; without one, look first whether it was done.")
            : CommonErrors.StorageUnavailable.With("The database can't store anything now.");
        foreach (var write in writes)
        {
            write.Refuse(error with { RetryAfter = Limits.BusyRetryAfter });
        }
    }

    /// <summary>How a queue's batches are done; repeatable ones may be done again after a commit of which nobody knows.</summary>
    private sealed record Way(Func<Task<ITransaction<TDb>>> Begin, Func<ITransaction<TDb>, IReadOnlyList<Write<TDb>>, DateTime, Task> Run, bool Repeatable);

    [LoggerMessage(Level = LogLevel.Error, Message = "A write failed")]
    private partial void LogFailed(Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A batch of {Count} writes is done again one by one")]
    private partial void LogReplay(Exception e, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} writes could not be stored")]
    private partial void LogCantStore(Exception e, int count);
}
