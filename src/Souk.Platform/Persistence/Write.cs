using System.Runtime.ExceptionServices;
using Souk.Platform.Audit;
using Souk.Platform.Errors;

namespace Souk.Platform.Persistence;

/// <summary>One write in the queue of a <see cref="GroupCommit{TDb}"/>.</summary>
internal abstract class Write<TDb>
    where TDb : ServiceDb
{
    /// <summary>The request that it is queued for; null when nobody called for it.</summary>
    public RequestFacts? Facts { get; init; } = RequestFacts.Current;

    /// <summary>Who wants it, for the audit log.</summary>
    public AuditOrigin? Origin { get; init; } = RequestFacts.Current?.Origin();

    /// <summary>How many of a batch's places it takes.</summary>
    public virtual int Weight => 1;

    public abstract void Refuse(Error error);

    public abstract void Fail(Exception exception);

    /// <summary>Its parts, when it is done again alone.</summary>
    public virtual IEnumerable<Write<TDb>> Alone() => [this];
}

/// <summary>A write and its answer.</summary>
internal abstract class Write<TDb, T> : Write<TDb>
    where TDb : ServiceDb
{
    private Result<T> _answer;
    private ExceptionDispatchInfo? _failure;

    /// <summary>What the caller is told; throws what the write threw.</summary>
    public Result<T> Answer
    {
        get
        {
            _failure?.Throw();
            return _answer;
        }

        set => _answer = value;
    }

    public override void Refuse(Error error) => _answer = error;

    public override void Fail(Exception exception) => _failure = ExceptionDispatchInfo.Capture(exception);
}

/// <summary>A write that goes by itself through the model, between savepoints.</summary>
internal interface ISingleWrite<in TDb>
{
    /// <summary>Changes the model; false means that it was refused and must be undone.</summary>
    Task<bool> Run(TDb db);

    /// <summary>Called after a refusal was undone, for what must be kept all the same.</summary>
    Task AfterRefusal(TDb db);
}

/// <summary>A single write made of a function.</summary>
internal class SingleWrite<TDb, T>(Func<TDb, Task<Result<T>>> work) : Write<TDb, T>, ISingleWrite<TDb>
    where TDb : ServiceDb
{
    public async Task<bool> Run(TDb db)
    {
        Answer = await work(db);
        return Answer.Error is null;
    }

    public virtual Task AfterRefusal(TDb db) => Task.CompletedTask;
}

/// <summary>A kind of write that is done for many items at once: it reads what all of them need, decides on each, and writes it all.</summary>
/// <typeparam name="TDb">The service's model.</typeparam>
public abstract class SetWrite<TDb>
    where TDb : ServiceDb
{
    internal abstract Task Run(ITransaction<TDb> transaction, IReadOnlyList<Write<TDb>> writes, DateTime now);
}

/// <summary>A kind of write that is done for many items at once. Make one object for each kind, and keep it.</summary>
/// <typeparam name="TDb">The service's model.</typeparam>
/// <typeparam name="TItem">What is to be written for one caller.</typeparam>
/// <typeparam name="T">What that caller is told.</typeparam>
/// <param name="work">
/// Does it, with an answer for each item in their order. It may run again for the same items, alone or together, so each item is
/// known by an identifier and done once. What it refuses it must not have written.
/// </param>
public sealed class SetWrite<TDb, TItem, T>(Func<ITransaction<TDb>, IReadOnlyList<TItem>, Task<IReadOnlyList<Result<T>>>> work) : SetWrite<TDb>
    where TDb : ServiceDb
{
    internal override async Task Run(ITransaction<TDb> transaction, IReadOnlyList<Write<TDb>> writes, DateTime now)
    {
        var items = new List<TItem>(writes.Count);
        foreach (var write in writes)
        {
            items.AddRange(((Items)write).Values);
        }

        var answers = await work(transaction, items);
        if (answers.Count != items.Count)
        {
            throw new InvalidOperationException($"{items.Count} items got {answers.Count} answers.");
        }

        var next = 0;
        foreach (var write in writes)
        {
            var told = ((Items)write).Told;
            for (var i = 0; i < told.Count; i++)
            {
                told[i] = answers[next++];
            }
        }

        transaction.Trail.Close(writes, now);
    }

    /// <summary>Items that came together, and what each was told.</summary>
    internal sealed class Items : Write<TDb, IReadOnlyList<Result<T>>>, ISetItems<TDb>
    {
        private readonly SetWrite<TDb, TItem, T> _kind;

        public Items(SetWrite<TDb, TItem, T> kind, TItem[] items)
            : this(kind, items, new Result<T>[items.Length])
        {
        }

        private Items(SetWrite<TDb, TItem, T> kind, ArraySegment<TItem> values, ArraySegment<Result<T>> told) => (_kind, Values, Told, Answer) = (kind, values, told, told);

        public ArraySegment<TItem> Values { get; }

        public ArraySegment<Result<T>> Told { get; }

        public SetWrite<TDb> Kind => _kind;

        public override int Weight => Values.Count;

        /// <summary>Each item by itself; what it is told stands among the answers of all.</summary>
        public override IEnumerable<Write<TDb>> Alone() => Enumerable.Range(0, Values.Count).Select(i => new Items(_kind, Values.Slice(i, 1), Told.Slice(i, 1)) { Facts = Facts, Origin = Origin });

        public override void Refuse(Error error) => Told.AsSpan().Fill(error);

        /// <summary>The others that came with it get their own answers.</summary>
        public override void Fail(Exception exception) => Refuse(CommonErrors.DependencyUnavailable.With("It could not be stored.") with { RetryAfter = Hosting.Limits.BusyRetryAfter });
    }
}

/// <summary>Items of a set write.</summary>
internal interface ISetItems<TDb>
    where TDb : ServiceDb
{
    SetWrite<TDb> Kind { get; }
}
