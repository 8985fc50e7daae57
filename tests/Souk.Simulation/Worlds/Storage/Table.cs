namespace Souk.Simulation.Worlds;

/// <summary>A table with row locks, as PostgreSQL has it under READ COMMITTED: rows are seen as they were committed last, and locked rows stay as they are.</summary>
/// <param name="copy">Copies a row, since code outside changes what it was given.</param>
/// <param name="rule">The CHECK constraint.</param>
internal sealed class Table<TKey, TRow>(Func<TRow, TRow> copy, Func<TRow, bool>? rule = null)
    where TKey : notnull
    where TRow : class
{
    private readonly Dictionary<TKey, RowLock> _locks = [];

    /// <summary>What is durable.</summary>
    public Dictionary<TKey, TRow> Rows { get; } = [];

    /// <summary>Whether somebody has locked a row.</summary>
    public bool IsLocked(TKey key) => LockOf(key).Owner is not null;

    /// <summary>Reads rows without locking them.</summary>
    public IEnumerable<TRow> Read(Session session, IEnumerable<TKey> keys) => keys.Select(k => Read(session, k)).OfType<TRow>();

    /// <summary>Locks the rows that are there, in the order of their keys, and reads them once each is locked.</summary>
    public async Task<List<TRow>> Lock(Session session, IEnumerable<TKey> keys)
    {
        var rows = new List<TRow>();
        foreach (var key in keys.Where(k => Seen(session, k) is not null).ToArray())
        {
            await LockOf(key).Take(session);
            if (Read(session, key) is { } row)
            {
                rows.Add(row);
            }
        }

        return rows;
    }

    /// <summary>Adds a row. Another session that is adding the same is waited for.</summary>
    public async Task Insert(Session session, TKey key, TRow row)
    {
        await LockOf(key).Take(session);
        if (Seen(session, key) is not null)
        {
            if (session.To(this).Read.Contains(key))
            {
                throw new BrokenRuleException($"{key} is inserted again by somebody who has read it.");
            }

            throw new ConflictException("unique violation");
        }

        Write(session, key, copy(row));
    }

    /// <summary>Changes a row, if it is there.</summary>
    public async Task Change(Session session, TKey key, Func<TRow, TRow> change)
    {
        if (Seen(session, key) is not null)
        {
            await LockOf(key).Take(session);
            if (Seen(session, key) is { } row)
            {
                Write(session, key, change(copy(row)));
            }
        }
    }

    /// <summary>Changes a row, if it is there and a condition holds; returns it as it was before. Where the condition does not hold, nothing is locked.</summary>
    public async Task<TRow?> ChangeIf(Session session, TKey key, Func<TRow, bool> condition, Func<TRow, TRow> change)
    {
        if (Seen(session, key) is not { } seen || !condition(seen))
        {
            return null;
        }

        await LockOf(key).Take(session);
        if (Read(session, key) is not { } before || !condition(before))
        {
            return null;
        }

        Write(session, key, change(copy(before)));
        return before;
    }

    /// <summary>Removes a row, if it is there.</summary>
    public async Task Delete(Session session, TKey key)
    {
        if (Seen(session, key) is not null)
        {
            await LockOf(key).Take(session);
            session.To(this).Rows[key] = null;
        }
    }

    private void Write(Session session, TKey key, TRow row)
    {
        if (rule is not null && !rule(row))
        {
            throw new BrokenRuleException($"A CHECK constraint refuses {row}.");
        }

        session.To(this).Rows[key] = row;
    }

    private TRow? Seen(Session session, TKey key) =>
        session.To(this).Rows.TryGetValue(key, out var staged) ? staged : Rows.GetValueOrDefault(key);

    private TRow? Read(Session session, TKey key)
    {
        var row = Seen(session, key);
        if (row is not null)
        {
            session.To(this).Read.Add(key);
        }

        return row is null ? null : copy(row);
    }

    private RowLock LockOf(TKey key)
    {
        if (!_locks.TryGetValue(key, out var found))
        {
            _locks.Add(key, found = new RowLock());
        }

        return found;
    }
}

/// <summary>The database asks to do it again: a conflict, a deadlock, a key that another was first to insert, a lost connection.</summary>
internal sealed class ConflictException(string why) : Exception(why);

/// <summary>The database can't store anything now.</summary>
internal sealed class AwayException() : Exception("The storage is away.");

/// <summary>What is to be written breaks a rule of the database.</summary>
internal sealed class BrokenRuleException(string rule) : Exception(rule);
