using System.Threading.Channels;
using Souk.Platform.Persistence;

namespace Souk.Tests;

/// <summary>What is done every hour, by a clock whose timers ring when a test says so.</summary>
public sealed class HourlyTests
{
    [Fact]
    public async Task It_works_some_time_after_the_start_and_every_hour_from_then_on()
    {
        using var chore = new Chore(_ => Task.CompletedTask);
        await chore.StartAsync(TestContext.Current.CancellationToken);

        var first = await chore.Clock.NextTimer();
        (first.Due, first.Period, chore.Said.Reader.Count).ShouldBe((Chore.First, Timeout.InfiniteTimeSpan, 0));
        first.Ring();
        (await chore.NextWord()).ShouldBe("works");
        var hour = await chore.Clock.NextTimer();
        (hour.Due, hour.Period).ShouldBe((TimeSpan.FromHours(1), TimeSpan.FromHours(1)));
        for (var i = 0; i < 2; i++)
        {
            chore.Said.Reader.Count.ShouldBe(0, "the hour is not over");
            hour.Ring();
            (await chore.NextWord()).ShouldBe("works");
        }
    }

    [Fact]
    public async Task What_fails_is_told_of_and_tried_again_the_next_hour()
    {
        using var chore = new Chore(_ => throw new InvalidOperationException("It rains."));
        await chore.StartAsync(TestContext.Current.CancellationToken);
        (await chore.Clock.NextTimer()).Ring();
        var hour = await chore.Clock.NextTimer();

        for (var i = 0; i < 3; i++)
        {
            (await chore.NextWord(), await chore.NextWord()).ShouldBe(("works", "It rains."));
            hour.Ring();
        }
    }

    [Theory]
    [InlineData("before the first time")]
    [InlineData("at work")]
    [InlineData("between two times")]
    public async Task It_stops_when_told_which_is_no_failure(string when)
    {
        using var chore = new Chore(stop => when == "at work" ? Task.Delay(Timeout.InfiniteTimeSpan, stop) : Task.CompletedTask);
        await chore.StartAsync(TestContext.Current.CancellationToken);
        var timer = await chore.Clock.NextTimer();
        if (when != "before the first time")
        {
            timer.Ring();
            (await chore.NextWord()).ShouldBe("works");
        }

        using var patience = new CancellationTokenSource(Chore.Patience);
        await chore.StopAsync(patience.Token);

        chore.ExecuteTask!.IsCanceled.ShouldBeTrue();
        chore.Said.Reader.Count.ShouldBe(0);
    }

    private sealed class Chore(Func<CancellationToken, Task> work, HandClock clock) : Hourly(First, clock)
    {
        public static readonly TimeSpan First = TimeSpan.FromMinutes(2);

        /// <summary>How long a test waits for what should come at once.</summary>
        public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

        public Chore(Func<CancellationToken, Task> work)
            : this(work, new HandClock())
        {
        }

        public HandClock Clock => (HandClock)Time;

        public Channel<string> Said { get; } = Channel.CreateUnbounded<string>();

        public Task<string> NextWord() => Said.Reader.ReadAsync().AsTask().WaitAsync(Patience);

        protected override async Task Run(CancellationToken stop)
        {
            Said.Writer.TryWrite("works");
            await work(stop);
        }

        protected override void Failed(string reason) => Said.Writer.TryWrite(reason);
    }

    private sealed class HandClock : TimeProvider
    {
        private readonly Channel<HandTimer> _timers = Channel.CreateUnbounded<HandTimer>();

        public Task<HandTimer> NextTimer() => _timers.Reader.ReadAsync().AsTask().WaitAsync(Chore.Patience);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new HandTimer(dueTime, period, () => callback(state));
            _timers.Writer.TryWrite(timer);
            return timer;
        }
    }

    private sealed record HandTimer(TimeSpan Due, TimeSpan Period, Action Ring) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
