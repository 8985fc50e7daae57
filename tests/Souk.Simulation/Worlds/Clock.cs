namespace Souk.Simulation.Worlds;

/// <summary>An instance's clock. It runs evenly, shows whatever time it likes, and its timers end with the life that made them.</summary>
internal sealed class Clock(Timeline timeline, Life life, TimeSpan wrong) : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Start + timeline.Now + wrong;

    public override long GetTimestamp() => timeline.Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(Clock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;
        private int _version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            Plan(dueTime, ++_version);
            return true;
        }

        public void Dispose() => _version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Plan(TimeSpan due, int version)
        {
            if (due != Timeout.InfiniteTimeSpan)
            {
                clock.Timeline.After(due, clock.Life, () => Ring(version));
            }
        }

        private void Ring(int version)
        {
            if (version == _version)
            {
                Plan(_period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan, version);
                callback(state);
            }
        }
    }

    private Timeline Timeline => timeline;

    private Life Life => life;
}
