using System.Runtime.ExceptionServices;
using Souk.Platform.Errors;

namespace Souk.Platform.Persistence;

/// <summary>One write in the queue of a <see cref="GroupCommit{TDb}"/>.</summary>
internal abstract class Write<TDb>
    where TDb : ServiceDb
{
    /// <summary>Changes the model; false means that it was refused and must be undone.</summary>
    public abstract Task<bool> Run(TDb db);

    /// <summary>Called after a refusal was undone, for what must be kept all the same.</summary>
    public virtual Task AfterRefusal(TDb db) => Task.CompletedTask;

    public abstract void Refuse(Error error);

    public abstract void Fail(Exception exception);
}

/// <summary>A write and its answer.</summary>
internal class Write<TDb, T>(Func<TDb, Task<Result<T>>> work) : Write<TDb>
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
    }

    public override async Task<bool> Run(TDb db)
    {
        _answer = await work(db);
        return _answer.Error is null;
    }

    public override void Refuse(Error error) => _answer = error;

    public override void Fail(Exception exception) => _failure = ExceptionDispatchInfo.Capture(exception);
}
