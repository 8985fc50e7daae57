using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;

namespace Souk.Platform.Persistence;

/// <summary>
/// The one writer of a service. It takes whatever is queued when it is free, does it in one transaction and answers each
/// caller: N durable commits become one, and N waits for a popular row become one. Each write sees those before it.
/// <list type="bullet">
/// <item>A refusal undoes its own write alone; the rest of the batch goes on.</item>
/// <item>An exception rolls the batch back and each write is done again alone, so that the one at fault fails alone.</item>
/// <item>A full queue answers 503 before anything has started; so does a database that can't store.</item>
/// <item>A caller that goes away does not take back a write that has started.</item>
/// </list>
/// </summary>
/// <typeparam name="TDb">The service's model.</typeparam>
public sealed partial class GroupCommit<TDb> : IAsyncDisposable
    where TDb : ServiceDb
{
    private const int SqliteBusy = 5;
    private const int SqliteIoError = 10;
    private const int SqliteFull = 13;

    private readonly IDbContextFactory<TDb> _contexts;
    private readonly ILogger<GroupCommit<TDb>> _log;
    private readonly TimeProvider _time;
    private readonly Batcher<Write<TDb>, bool> _batcher;

    /// <summary>Starts the writer.</summary>
    public GroupCommit(IDbContextFactory<TDb> contexts, TimeProvider time, ILogger<GroupCommit<TDb>> log)
    {
        (_contexts, _time, _log) = (contexts, time, log);
        _batcher = new(RunAsync, Limits.Batch, Limits.Queue);
    }

    /// <summary>Raised after each commit that published events, with their types.</summary>
    public event Action<IReadOnlySet<string>>? EventsCommitted;

    /// <summary>Does a write: in a transaction, after those queued before it, durable when the task ends without an error.</summary>
    /// <param name="work">Reads and changes the model. It may run twice, so it touches nothing but the model; what it changed
    /// is undone when it answers with a refusal.</param>
    public Task<Result<T>> Write<T>(Func<TDb, Task<Result<T>>> work) => Enqueue(new Write<TDb, T>(work));

    /// <summary>The same, once for each Idempotency-Key: a repetition gets the first one's answer, be it value or refusal.</summary>
    public Task<Result<T>> WriteOnce<T>(Once once, Func<TDb, Task<Result<T>>> work)
    {
        ArgumentNullException.ThrowIfNull(once);
        return once.Key is null ? Write(work) : Enqueue(new WriteOnce<TDb, T>(once, work, _time));
    }

    /// <summary>Finishes what is queued.</summary>
    public ValueTask DisposeAsync() => _batcher.DisposeAsync();

    private async Task<Result<T>> Enqueue<T>(Write<TDb, T> write)
    {
        if (!_batcher.TryAdd(write, out var queued))
        {
            return CommonErrors.Busy.With("The queue of writes is full.") with { RetryAfter = Limits.BusyRetryAfter };
        }

        await queued;
        return write.Answer;
    }

    private async Task<IReadOnlyList<bool>> RunAsync(IReadOnlyList<Write<TDb>> writes)
    {
        if (await Attempt(writes) is { } failure)
        {
            LogReplay(failure, writes.Count);
            foreach (var write in writes)
            {
                if (await Attempt([write]) is { } own)
                {
                    write.Fail(own);
                }
            }
        }

        return new bool[writes.Count];
    }

    /// <summary>Commits writes; null when they have their answers, otherwise what made all of them undone.</summary>
    private async Task<Exception?> Attempt(IReadOnlyList<Write<TDb>> writes)
    {
        IReadOnlySet<string> published;
        try
        {
            published = await CommitTogether(writes);
        }
        catch (Exception e) when (CantStore(e))
        {
            LogCantStore(e, writes.Count);
            FailAll(writes);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }

        // Outside the attempt: whatever happens from here on, what is committed is not done again.
        if (published.Count > 0)
        {
            EventsCommitted?.Invoke(published);
        }

        return null;
    }

    private async Task<IReadOnlySet<string>> CommitTogether(IReadOnlyList<Write<TDb>> writes)
    {
        await using var db = await _contexts.CreateDbContextAsync();
        db.Database.AutoSavepointsEnabled = false;
        await using var transaction = await db.Database.BeginTransactionAsync();
        var published = new HashSet<string>(StringComparer.Ordinal);
        foreach (var write in writes)
        {
            await RunOne(db, transaction, write, published);
        }

        await transaction.CommitAsync();
        return published;
    }

    private static async Task RunOne(TDb db, IDbContextTransaction transaction, Write<TDb> write, HashSet<string> published)
    {
        const string Start = "write";
        await transaction.CreateSavepointAsync(Start);
        var done = await write.Run(db);
        if (!done)
        {
            await transaction.RollbackToSavepointAsync(Start);
            db.ChangeTracker.Clear();
            await write.AfterRefusal(db);
        }

        published.UnionWith(db.ChangeTracker.Entries<Events.OutboxEvent>().Select(e => e.Entity.Type));
        await db.SaveChangesAsync();
        await transaction.ReleaseSavepointAsync(Start);
        db.ChangeTracker.Clear();
    }

    private static void FailAll(IReadOnlyList<Write<TDb>> writes)
    {
        foreach (var write in writes)
        {
            write.Refuse(CommonErrors.StorageUnavailable.With("The database can't store anything now.") with { RetryAfter = Limits.BusyRetryAfter });
        }
    }

    private static bool CantStore(Exception e) =>
        (e as SqliteException ?? e.InnerException as SqliteException) is { SqliteErrorCode: SqliteFull or SqliteIoError or SqliteBusy };

    [LoggerMessage(Level = LogLevel.Error, Message = "The database can't store; {Count} writes are refused")]
    private partial void LogCantStore(Exception e, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A batch of {Count} writes failed; each is done again alone")]
    private partial void LogReplay(Exception e, int count);
}
