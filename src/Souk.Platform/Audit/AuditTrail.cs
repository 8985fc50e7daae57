using Souk.Platform.Persistence;

namespace Souk.Platform.Audit;

/// <summary>What one transaction of a writer did, for the block that it writes about it.</summary>
public sealed class AuditTrail
{
    private readonly List<Change> _changes = [];

    internal List<AuditEntry> Entries { get; } = [];

    /// <summary>Notes in a set write that an item changed something; the items of a batch one after the other.</summary>
    /// <param name="item">The item's place in its batch.</param>
    /// <param name="subject">What it is about.</param>
    /// <param name="what">What changed, the same words each time.</param>
    /// <param name="outcome"><see cref="AuditEntry.Done"/>, or the code of a refusal that was written down.</param>
    /// <param name="trace">The trace of the request behind it, where another service sends the items of many.</param>
    public void Note(int item, Guid subject, string[] what, string outcome = AuditEntry.Done, string? trace = null) => _changes.Add(new Change(item, subject, what, outcome, trace));

    /// <summary>Makes the entries of a batch of one kind of set write.</summary>
    internal void Close<TDb>(IReadOnlyList<Write<TDb>> writes, DateTime now)
        where TDb : ServiceDb
    {
        // Items are noted in their order, and each write brought some of them.
        var (at, end) = (0, writes[0].Weight);
        foreach (var (item, subject, what, outcome, trace) in _changes)
        {
            for (; item >= end; end += writes[at].Weight)
            {
                at++;
            }

            var origin = writes[at].Origin;
            Entries.Add(origin is null
                ? new AuditEntry(now, AuditEntry.System, what[0], subject.ToString(), null, outcome, trace, what)
                : new AuditEntry(now, origin.Who, origin.Operation, subject.ToString(), origin.Address, outcome, trace ?? origin.TraceId, what));
            writes[at].Facts?.WasRecorded(outcome);
        }

        _changes.Clear();
    }

    /// <summary>Makes the entry of a single write that changed rows of the model.</summary>
    internal void Add<TDb>(Write<TDb> write, IReadOnlyList<string> changes, DateTime now)
        where TDb : ServiceDb =>
        Entries.Add(write.Origin is { } o
            ? new AuditEntry(now, o.Who, o.Operation, o.Subject, o.Address, AuditEntry.Done, o.TraceId, changes)
            : new AuditEntry(now, AuditEntry.System, "on its own", null, null, AuditEntry.Done, null, changes));

    private readonly record struct Change(int Item, Guid Subject, string[] What, string Outcome, string? Trace);
}
