using System.Runtime.ExceptionServices;
using Souk.Platform.Errors;

namespace Souk.Platform.Persistence;

/// <summary>One write in the queue of a <see cref="GroupCommit{TDb}"/>.</summary>
internal abstract class Write<TDb>
    where TDb : ServiceDb
{
    public abstract void Refuse(Error error);

    public abstract void Fail(Exception exception);
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
    internal abstract Task Run(ITransaction<TDb> transaction, IReadOnlyList<Write<TDb>> writes);
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
    internal override async Task Run(ITransaction<TDb> transaction, IReadOnlyList<Write<TDb>> writes)
    {
        var items = writes.Select(w => ((Item)w).Value).ToArray();
        var answers = await work(transaction, items);
        if (answers.Count != items.Length)
        {
            throw new InvalidOperationException($"{items.Length} items got {answers.Count} answers.");
        }

        for (var i = 0; i < items.Length; i++)
        {
            ((Item)writes[i]).Answer = answers[i];
        }
    }

    internal sealed class Item(SetWrite<TDb, TItem, T> kind, TItem value) : Write<TDb, T>, ISetItem<TDb>
    {
        public SetWrite<TDb> Kind => kind;

        public TItem Value => value;
    }
}

/// <summary>An item of a set write.</summary>
internal interface ISetItem<TDb>
    where TDb : ServiceDb
{
    SetWrite<TDb> Kind { get; }
}
