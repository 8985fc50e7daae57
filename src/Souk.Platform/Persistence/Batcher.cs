using System.Threading.Channels;

namespace Souk.Platform.Persistence;

/// <summary>
/// Does many small things as few large ones: while one batch is under way the next one gathers, and there is no timer. An idle
/// batcher therefore adds no delay, and a busy one pays a transaction, or a hop to another service, once for up to
/// <see cref="Hosting.Limits.Batch"/> items.
/// </summary>
/// <typeparam name="TItem">One thing to do.</typeparam>
/// <typeparam name="TAnswer">What its caller is told.</typeparam>
public sealed class Batcher<TItem, TAnswer> : IAsyncDisposable
{
    private readonly Channel<Waiting> _queue;
    private readonly Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TAnswer>>> _run;
    private readonly int _batch;
    private readonly Task[] _lanes;

    /// <summary>Starts a batcher.</summary>
    /// <param name="run">Does one batch and answers each item, in order. An exception fails every item of the batch.</param>
    /// <param name="batch">The most items in a batch.</param>
    /// <param name="queue">The most items that wait.</param>
    /// <param name="lanes">How many batches may be under way at once.</param>
    public Batcher(Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TAnswer>>> run, int batch, int queue, int lanes = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lanes);
        (_run, _batch) = (run, batch);
        _queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(queue) { SingleReader = lanes == 1 });

        // On the scheduler of whoever makes it, so that a simulation can own that as well.
        _lanes = [.. Enumerable.Range(0, lanes).Select(_ => Task.Factory.StartNew(RunLane, CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Current).Unwrap())];
    }

    /// <summary>Queues an item. False means that the queue is full and nothing has started.</summary>
    public bool TryAdd(TItem item, out Task<TAnswer> answer)
    {
        var waiting = new Waiting(item, new TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously));
        answer = waiting.Answer.Task;
        return _queue.Writer.TryWrite(waiting);
    }

    /// <summary>Takes nothing more, does what is queued, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await Task.WhenAll(_lanes);
    }

    private async Task RunLane()
    {
        var batch = new List<Waiting>(_batch);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < _batch && _queue.Reader.TryRead(out var waiting))
            {
                batch.Add(waiting);
            }

            await Answer(batch);
            batch.Clear();
        }
    }

    private async Task Answer(List<Waiting> batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        try
        {
            var answers = await _run([.. batch.Select(w => w.Item)]);
            if (answers.Count != batch.Count)
            {
                throw new InvalidOperationException($"A batch of {batch.Count} got {answers.Count} answers.");
            }

            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Answer.SetResult(answers[i]);
            }
        }
        catch (Exception e)
        {
            foreach (var waiting in batch)
            {
                waiting.Answer.TrySetException(e);
            }
        }
    }

    private readonly record struct Waiting(TItem Item, TaskCompletionSource<TAnswer> Answer);
}
