namespace Souk.Simulation.Worlds;

/// <summary>A transaction inside a simulated database: what it has locked, and what it will have written.</summary>
internal sealed class Session(Database database, Life life)
{
    private readonly List<RowLock> _locks = [];
    private readonly Dictionary<object, IStaged> _staged = [];
    private readonly List<Action> _appended = [];

    public Database Database => database;

    public Life Life => life;

    /// <summary>The lock that it waits for.</summary>
    public RowLock? WaitsFor { get; set; }

    /// <summary>Whether its commit is on the way: from here on only the database knows how it ends.</summary>
    public bool Committing { get; set; }

    /// <summary>Whether the database goes on with it by itself.</summary>
    public bool Detached { get; set; }

    /// <summary>Whether its locks are given back.</summary>
    public bool Ended { get; private set; }

    /// <summary>A round trip to the database, which may fail.</summary>
    public async Task Statement()
    {
        await database.World.Timeline.Wait(database.World.Dice.Time(0.1, 2));
        database.MayFail();
    }

    public void Holds(RowLock taken) => _locks.Add(taken);

    /// <summary>What it has written to a table so far.</summary>
    public Staged<TKey, TRow> To<TKey, TRow>(Table<TKey, TRow> table)
        where TKey : notnull
        where TRow : class
    {
        if (!_staged.TryGetValue(table, out var staged))
        {
            _staged.Add(table, staged = new Staged<TKey, TRow>(table));
        }

        return (Staged<TKey, TRow>)staged;
    }

    /// <summary>Writes a row without a key of its own.</summary>
    public void Append<TRow>(List<TRow> table, TRow row) => _appended.Add(() => table.Add(row));

    /// <summary>Makes all of it durable.</summary>
    public void Apply()
    {
        foreach (var staged in _staged.Values)
        {
            staged.Apply();
        }

        _appended.ForEach(a => a());
        End();
    }

    /// <summary>Gives its locks back; what is not durable is gone.</summary>
    public void End()
    {
        if (!Ended)
        {
            Ended = true;
            database.Open.Remove(this);
            _locks.ForEach(l => l.Release());
        }
    }

    public interface IStaged
    {
        void Apply();
    }
}

/// <summary>Rows that a session has written to a table; null for those that it has deleted.</summary>
internal sealed class Staged<TKey, TRow>(Table<TKey, TRow> table) : Session.IStaged
    where TKey : notnull
    where TRow : class
{
    public Dictionary<TKey, TRow?> Rows { get; } = [];

    /// <summary>The rows that it has read: nobody inserts what was there already.</summary>
    public HashSet<TKey> Read { get; } = [];

    public void Apply()
    {
        foreach (var (key, row) in Rows)
        {
            if (row is null)
            {
                table.Rows.Remove(key);
            }
            else
            {
                table.Rows[key] = row;
            }
        }
    }
}

/// <summary>A lock that one session has at a time, in the order in which they came. One that would wait for itself is refused.</summary>
internal sealed class RowLock
{
    private readonly Queue<(Session Session, TaskCompletionSource Granted)> _waiting = new();

    public Session? Owner { get; private set; }

    public Task Take(Session session)
    {
        if (Owner is null)
        {
            Grant(session);
        }

        if (Owner == session)
        {
            return Task.CompletedTask;
        }

        for (var owner = Owner; owner is not null; owner = owner.WaitsFor?.Owner)
        {
            if (owner == session)
            {
                throw new ConflictException("deadlock");
            }
        }

        var granted = new TaskCompletionSource();
        _waiting.Enqueue((session, granted));
        session.WaitsFor = this;
        return granted.Task;
    }

    public void Release()
    {
        Owner = null;
        while (Owner is null && _waiting.TryDequeue(out var next))
        {
            next.Session.WaitsFor = null;
            if (!next.Session.Ended)
            {
                Grant(next.Session);
                next.Granted.SetResult();
            }
        }
    }

    private void Grant(Session session)
    {
        Owner = session;
        session.Holds(this);
    }
}
