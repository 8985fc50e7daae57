using System.Threading.Channels;

namespace Souk.Platform.Persistence;

/// <summary>
/// Does many small things as few large ones: while one batch is under way the next one gathers, and after a batch of many it gathers
/// a moment longer. An idle batcher therefore adds no delay, and a busy one pays a transaction, or a hop to another service, once for
/// up to <see cref="Hosting.Limits.Batch"/> items.
/// </summary>
/// <typeparam name="TItem">One thing to do.</typeparam>
/// <typeparam name="TAnswer">What its caller is told.</typeparam>
public sealed class Batcher<TItem, TAnswer> : IAsyncDisposable
{
    /// <summary>A batch of so many shows that more are on their way.</summary>
    private const int Many = 16;

    /// <summary>How long the next batch gathers then. With twice as long a purchase took a tenth less processor time, but left processors idle.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(2);

    private readonly Channel<Waiting> _queue;
    private readonly Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TAnswer>>> _run;
    private readonly int _batch;
    private readonly Func<TItem, int> _weight;
    private readonly TimeProvider _time;
    private readonly Task[] _lanes;

    /// <summary>Starts a batcher.</summary>
    /// <param name="run">Does one batch and answers each item, in order. An exception fails every item of the batch.</param>
    /// <param name="batch">The most items in a batch.</param>
    /// <param name="queue">The most items that wait.</param>
    /// <param name="time">The clock.</param>
    /// <param name="lanes">How many batches may be under way at once.</param>
    /// <param name="weight">How many of a batch's places an item takes; one, if left out.</param>
    public Batcher(Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TAnswer>>> run, int batch, int queue, TimeProvider time, int lanes = 1, Func<TItem, int>? weight = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lanes);
        (_run, _batch, _time, _weight) = (run, batch, time, weight ?? (_ => 1));
        _queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(queue) { SingleReader = lanes == 1 });

        // On the scheduler of whoever makes it, so that a simulation can own that as well; but in nobody's flow: made for the first
        // request, it would otherwise send that one's trace with everything that it ever does.
        using var apart = ExecutionContext.SuppressFlow();
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
        var before = 0;
        while (await _queue.Reader.WaitToReadAsync())
        {
            if (before >= Many)
            {
                await Task.Delay(Gathering, _time);
            }

            for (var weight = 0; weight < _batch && _queue.Reader.TryRead(out var waiting); weight += _weight(waiting.Item))
            {
                batch.Add(waiting);
            }

            await Answer(batch);
            before = batch.Count;
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
