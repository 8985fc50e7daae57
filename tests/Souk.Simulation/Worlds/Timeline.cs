using System.Runtime.CompilerServices;

namespace Souk.Simulation.Worlds;

/// <summary>
/// The one thread on which a world runs. What is ready goes in an order that the seed decides, as threads would take it; when nothing is
/// ready the time leaps to what comes next.
/// </summary>
internal sealed class Timeline(Dice dice)
{
    private static readonly SendOrPostCallback Call = action => ((Action)action!)();

    private readonly List<Due> _ready = [];
    private readonly PriorityQueue<Due, (TimeSpan At, long Order)> _later = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _order;
    private volatile string? _strayed;

    /// <summary>How long the world has been there.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>How much has happened.</summary>
    public long Steps { get; private set; }

    /// <summary>Asked before each step that time brought to a life: whether it dies instead.</summary>
    public Func<Life, bool> DiesNow { get; set; } = _ => false;

    /// <summary>Where code went on outside of this thread, which nothing could replay; null if it did not.</summary>
    public string? Strayed => _strayed;

    /// <summary>Something that can be done at once.</summary>
    public void Post(Life life, SendOrPostCallback callback, object? state)
    {
        if (life.Ended)
        {
            // Also what the garbage collector wakes when it finds what a dead instance left behind.
            return;
        }

        if (Environment.CurrentManagedThreadId != _thread)
        {
            _strayed = Environment.StackTrace;
            return;
        }

        _ready.Add(new Due(life, callback, state));
    }

    /// <summary>Something that is done later.</summary>
    public void After(TimeSpan time, Life life, Action action) =>
        _later.Enqueue(new Due(life, Call, action), (Now + (time > TimeSpan.Zero ? time : TimeSpan.Zero), _order++));

    /// <summary>A wait by whoever awaits it.</summary>
    public Pause Wait(TimeSpan time) => new(this, time);

    /// <summary>Does the next step; false when there is none before the end.</summary>
    public bool Step(TimeSpan end)
    {
        if (_ready.Count > 0)
        {
            var chosen = dice.Below(_ready.Count);
            var step = _ready[chosen];
            _ready[chosen] = _ready[^1];
            _ready.RemoveAt(_ready.Count - 1);
            Do(step);
            return true;
        }

        if (!_later.TryPeek(out _, out var next) || next.At > end)
        {
            Now = end;
            return false;
        }

        Now = next.At;
        var due = _later.Dequeue();
        if (!due.Life.Ended && !DiesNow(due.Life))
        {
            Do(due);
        }

        return true;
    }

    private void Do(Due step)
    {
        if (!step.Life.Ended)
        {
            Steps++;
            SynchronizationContext.SetSynchronizationContext(step.Life);
            step.Callback(step.State);
        }
    }

    private readonly record struct Due(Life Life, SendOrPostCallback Callback, object? State);
}

/// <summary>A wait on the simulated clock, without a task.</summary>
internal readonly struct Pause(Timeline timeline, TimeSpan time) : ICriticalNotifyCompletion
{
    public bool IsCompleted => false;

    public Pause GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => timeline.After(time, Life.Current, continuation);

    public void UnsafeOnCompleted(Action continuation) => OnCompleted(continuation);
}
