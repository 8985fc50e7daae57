using Microsoft.EntityFrameworkCore;
using Souk.Platform.Persistence;

namespace Souk.Platform.Events;

/// <summary>A part of the outbox.</summary>
/// <param name="From">The reader's place before it.</param>
/// <param name="To">The reader's place after it.</param>
/// <param name="Events">What lies between, of the types asked for.</param>
public sealed record OutboxPart(long From, long To, IReadOnlyList<OutboxEvent> Events);

/// <summary>
/// The outbox for a reader in the service itself. Like a subscriber it has a place of its own; it moves on in the transaction of what
/// it has made of the events, so each counts once.
/// </summary>
/// <typeparam name="TDb">The service's model.</typeparam>
public sealed class OutboxFeed<TDb>
    where TDb : ServiceDb
{
    private readonly Engine _engine;
    private readonly TimeProvider _time;

    internal OutboxFeed(Engine engine, TimeProvider time) => (_engine, _time) = (engine, time);

    /// <summary>What comes next for a reader; null when there is nothing new.</summary>
    /// <param name="db">The model.</param>
    /// <param name="reader">The reader's name.</param>
    /// <param name="types">Which events; with none it passes all of them over.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="stop">Breaks it off.</param>
    public async Task<OutboxPart?> Next(TDb db, string reader, IReadOnlyCollection<string> types, int most, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(db);
        var last = await db.Deliveries.Where(d => d.Subscriber == reader).Select(d => d.LastId).SingleOrDefaultAsync(stop);
        var complete = await _engine.LastComplete(db, "outbox", _time, stop);
        if (complete <= last)
        {
            return null;
        }

        var events = types.Count == 0 ? [] : await db.Outbox.AsNoTracking().Where(e => e.Id > last && e.Id <= complete && types.Contains(e.Type)).OrderBy(e => e.Id).Take(most).ToListAsync(stop);
        return new OutboxPart(last, events.Count == most ? events[^1].Id : complete, events);
    }

    /// <summary>Moves a reader on, inside a write; false when another instance has read the part already.</summary>
    public static async Task<bool> Advance(TDb db, string reader, OutboxPart part)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(part);
        if (await db.Deliveries.Where(d => d.Subscriber == reader && d.LastId == part.From).ExecuteUpdateAsync(s => s.SetProperty(d => d.LastId, part.To)) == 1)
        {
            return true;
        }

        if (part.From > 0 || await db.Deliveries.AnyAsync(d => d.Subscriber == reader))
        {
            return false;
        }

        db.Add(new Delivery { Subscriber = reader, LastId = part.To });
        return true;
    }
}
