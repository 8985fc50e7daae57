namespace Souk.Simulation.Worlds;

/// <summary>One life of an instance, from its start to its crash. All that it awaits comes back here, and nothing does once it has ended.</summary>
internal sealed class Life : SynchronizationContext
{
    private readonly Timeline _timeline;
    private readonly Tasks _tasks;

    public Life(Timeline timeline, Instance? of = null)
    {
        (_timeline, Of) = (timeline, of);
        _tasks = new Tasks(this);
    }

    /// <summary>Whose life the running code belongs to.</summary>
    public static new Life Current => (Life)SynchronizationContext.Current!;

    /// <summary>The instance; null for what does not crash (buyers, the network).</summary>
    public Instance? Of { get; }

    public bool Ended { get; private set; }

    public void End() => Ended = true;

    /// <summary>Runs something now, as this life, with its scheduler as the current one.</summary>
    public T Run<T>(Func<T> work)
    {
        var before = SynchronizationContext.Current;
        SetSynchronizationContext(this);
        try
        {
            var task = new Task<T>(work);
            task.RunSynchronously(_tasks);
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public override void Post(SendOrPostCallback d, object? state) => _timeline.Post(this, d, state);

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing waits for another thread here.");

    public override SynchronizationContext CreateCopy() => this;

    private sealed class Tasks(Life life) : TaskScheduler
    {
        protected override IEnumerable<Task> GetScheduledTasks() => [];

        protected override void QueueTask(Task task) => life.Post(t => TryExecuteTask((Task)t!), task);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => !taskWasPreviouslyQueued && ReferenceEquals(SynchronizationContext.Current, life) && TryExecuteTask(task);
    }
}
