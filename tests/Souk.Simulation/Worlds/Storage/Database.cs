using Souk.Platform.Audit;
using Souk.Platform.Persistence;

namespace Souk.Simulation.Worlds;

/// <summary>The storage of a service. It survives its instances, and several of them may share it.</summary>
/// <param name="world">The world.</param>
/// <param name="writers">How many set writes' transactions an instance may have open: one as on SQLite, where they also take turns, or several.</param>
internal abstract class Database(World world, int writers)
{
    private readonly RowLock _turn = new();

    public World World => world;

    public int Writers => writers;

    public List<Session> Open { get; } = [];

    /// <summary>Sales of which somebody was told that nothing is held any more.</summary>
    public HashSet<Guid> Voided { get; } = [];

    /// <summary>Whether it can't store anything now.</summary>
    public bool Away { get; set; }

    /// <summary>Begins a transaction.</summary>
    public async Task<Session> Begin()
    {
        var session = new Session(this, Life.Current);
        Open.Add(session);
        try
        {
            if (writers == 1)
            {
                await _turn.Take(session);
            }

            await session.Statement();
            return session;
        }
        catch
        {
            session.End();
            throw;
        }
    }

    /// <summary>A statement fails when the storage is away, and sometimes for the sake of others.</summary>
    public void MayFail()
    {
        if (Away)
        {
            world.Note("storage", "is away", default);
            throw new AwayException();
        }

        if (world.Chance(world.Faults.Conflict))
        {
            world.Note("storage", "has a conflict", default);
            throw new ConflictException("conflict");
        }
    }

    /// <summary>Commits. It may fail, and it may do its work, now or later, without anybody being told.</summary>
    public async Task Commit(Session session)
    {
        session.Committing = true;
        await world.Timeline.Wait(world.Dice.Time(0.2, 5));
        if (session.Ended)
        {
            return;
        }

        session.Committing = false;
        MayFail();
        if (world.Chance(world.Faults.UnknownCommit))
        {
            world.Note("storage", "loses a connection in a commit", default);
            Vanish(session);
            throw new OutcomeUnknownException(new ConflictException("connection lost"));
        }

        Apply(session);
        await world.Timeline.Wait(world.Dice.Time(0.1, 1));
    }

    /// <summary>An instance died: what it had not committed is gone; what was being committed is, or not.</summary>
    public void Forget(Life life)
    {
        foreach (var session in Open.Where(s => s.Life == life && !s.Detached).ToArray())
        {
            if (session.Committing)
            {
                Vanish(session);
            }
            else
            {
                session.End();
            }
        }
    }

    /// <summary>The connection is lost in a commit. The database may have done it, may do it in a moment, or not at all.</summary>
    private void Vanish(Session session)
    {
        switch (world.Dice.Below(3))
        {
            case 0:
                session.End();
                break;
            case 1:
                Apply(session);
                break;
            default:
                session.Committing = false;
                session.Detached = true;
                world.Timeline.After(world.Dice.Time(1, 500), world.Outside, () => Apply(session));
                break;
        }
    }

    private void Apply(Session session)
    {
        if (!session.Ended)
        {
            session.Apply();
            world.Note("storage", "commits", default);
            Check();
        }
    }

    /// <summary>What must be true after every commit.</summary>
    protected abstract void Check();
}

/// <summary>A database as an instance's writer sees it.</summary>
internal sealed class SimulatedStorage<TDb>(Database database) : IStorage<TDb>
    where TDb : ServiceDb
{
    public int Writers => database.Writers;

    public Task<ITransaction<TDb>> BeginSingles() => throw new NotSupportedException("A sale goes by set writes only.");

    public async Task<ITransaction<TDb>> BeginSets() => new Transaction(await database.Begin());

    public StorageFault FaultOf(Exception exception)
    {
        if (exception is ConflictException)
        {
            return StorageFault.Again;
        }

        if (exception is AwayException)
        {
            return StorageFault.Unavailable;
        }

        // Here nothing may need the writer's last resort, not even a constraint of the database.
        database.World.Break($"A write threw: {exception}");
        return StorageFault.Bug;
    }

    private sealed class Transaction(Session session) : ITransaction<TDb>, IInSession
    {
        public TDb Db => throw new NotSupportedException("Set writes don't go through the model.");

        public SetSql Sql => throw new NotSupportedException("The tables are simulated.");

        public ISet<string> Published { get; } = new HashSet<string>(StringComparer.Ordinal);

        public IList<Action> WhenCommitted { get; } = [];

        public AuditTrail Trail { get; } = new();

        public Session Session => session;

        /// <summary>The audit log is no part of the protocol.</summary>
        public Task Record(AuditBlock block) => Task.CompletedTask;

        public Task Commit() => session.Database.Commit(session);

        public ValueTask DisposeAsync()
        {
            if (!session.Detached)
            {
                session.End();
            }

            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>A transaction over a session, whatever its model.</summary>
internal interface IInSession
{
    Session Session { get; }
}
