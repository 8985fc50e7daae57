using System.Text.Json;
using System.Text.Json.Serialization;

namespace Souk.Platform.Audit;

/// <summary>Entries as they stand in a block. Those of a batch differ in little, so what they have in common stands once for all of them.</summary>
internal sealed record AuditRun(
    DateTime At, string Operation, string Outcome, string? Address, IReadOnlyList<string>? Changes, int? Times, string? Who, string? Subject, string? TraceId, IReadOnlyList<AuditDifference>? Each)
{
    /// <summary>Entries as JSON.</summary>
    public static string Write(List<AuditEntry> entries) => JsonSerializer.Serialize(Of(entries), AuditJson.Default.ListAuditRun);

    /// <summary>The entries again.</summary>
    public static List<AuditEntry> Read(string entries) => [.. JsonSerializer.Deserialize(entries, AuditJson.Default.ListAuditRun)!.SelectMany(r => r.Entries())];

    private static List<AuditRun> Of(List<AuditEntry> entries)
    {
        var runs = new List<AuditRun>();
        for (int first = 0, next; first < entries.Count; first = next)
        {
            var e = entries[first];
            for (next = first + 1; next < entries.Count && Alike(e, entries[next]); next++)
            {
            }

            runs.Add(next == first + 1
                ? new AuditRun(e.At, e.Operation, e.Outcome, e.Address, e.Changes, e.Times, e.Who, e.Subject, e.TraceId, null)
                : new AuditRun(e.At, e.Operation, e.Outcome, e.Address, e.Changes, e.Times, null, null, null, entries[first..next].ConvertAll(x => new AuditDifference(x.Who, x.Subject, x.TraceId))));
        }

        return runs;
    }

    private IEnumerable<AuditEntry> Entries() => (Each ?? [new AuditDifference(Who!, Subject, TraceId)]).Select(d => new AuditEntry(At, d.Who, Operation, d.Subject, Address, Outcome, d.TraceId, Changes, Times));

    private static bool Alike(AuditEntry one, AuditEntry other) =>
        one.At == other.At && one.Operation == other.Operation && one.Outcome == other.Outcome && one.Address == other.Address && one.Times == other.Times
        && (ReferenceEquals(one.Changes, other.Changes) || (one.Changes is not null && other.Changes is not null && one.Changes.SequenceEqual(other.Changes)));
}

/// <summary>What tells an entry from those beside it.</summary>
internal sealed record AuditDifference(string Who, string? Subject, string? TraceId);

/// <summary>How entries become JSON. Made by the compiler: a batch of purchases writes hundreds of them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(List<AuditRun>))]
internal sealed partial class AuditJson : JsonSerializerContext;
