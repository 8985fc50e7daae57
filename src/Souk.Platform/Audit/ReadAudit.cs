using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Platform.Audit;

/// <summary>Which entries of the audit log, and which page.</summary>
public class AuditQuery : PageQuery
{
    /// <summary>The caller's identifier, <c>service:sales</c> and the like, <c>anonymous</c>, or <c>system</c>.</summary>
    [Text(1, 100)]
    public string? Who { get; set; }

    /// <summary>A part of the operation, such as <c>POST /api/v2/orders</c> or <c>wallet</c>.</summary>
    [Text(1, 200)]
    public string? Operation { get; set; }

    /// <summary>What it is about: an identifier, a number, or a name that stood in the path.</summary>
    [Text(1, 200)]
    public string? Subject { get; set; }

    /// <summary><c>done</c>, or the code of a refusal.</summary>
    [Text(1, 100)]
    public string? Outcome { get; set; }

    /// <summary>The trace id of a log line or a problem.</summary>
    [Text(32, 32, Pattern = "[0-9a-f]+")]
    public string? TraceId { get; set; }

    /// <summary>Not before (ISO 8601).</summary>
    public DateTime? From { get; set; }

    /// <summary>Before (ISO 8601).</summary>
    public DateTime? To { get; set; }
}

/// <summary>An entry of the audit log as the second contract shows it.</summary>
/// <param name="Service">Whose log it stands in.</param>
/// <param name="Block">The number of its block.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Who">The caller's identifier, <c>service:</c> and a name, <c>anonymous</c>, or <c>system</c>.</param>
/// <param name="Operation">Method and path of the operation, or what happened when nobody called for it.</param>
/// <param name="Subject">What it is about: the values in the path, names as digests, or the identifier of what was made.</param>
/// <param name="Address">The address that the request came from.</param>
/// <param name="Outcome"><c>done</c>, or the code of the refusal.</param>
/// <param name="TraceId">The trace id that logs and problems carry.</param>
/// <param name="Changes">What changed, a line each; never the values.</param>
/// <param name="Times">How often the same was refused at that moment.</param>
public sealed record AuditEntryView(
    string Service, long Block, DateTime At, string Who, string Operation, string? Subject, string? Address, string Outcome, string? TraceId, IReadOnlyList<string> Changes, int Times)
{
    /// <summary>An example.</summary>
    public static AuditEntryView Example { get; } = new(
        "customers", 1204, new DateTime(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc), "01993e2a-0000-7000-8000-000000000001", "PUT /api/v2/customers/{username}/role", "~9f86d081884c7d65", "203.0.113.7", AuditEntry.Done, "4bf92f3577b34da6a3ce929d0e0e4736", ["customers 01993e2a-0000-7000-8000-000000000002: role, version"], 1);

    internal static AuditEntryView Of(string service, long block, AuditEntry e) => new(service, block, e.At, e.Who, e.Operation, e.Subject, e.Address, e.Outcome, e.TraceId, e.Changes ?? [], e.Times ?? 1);
}

/// <summary>An entry with the cursor that stands after it.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="After">The cursor.</param>
public sealed record AuditItem(AuditEntryView Entry, string After);

/// <summary>A page as services tell each other.</summary>
/// <param name="Items">The entries, the newest first.</param>
/// <param name="Next">Where to go on; null at the end of the log.</param>
public sealed record AuditItems(IReadOnlyList<AuditItem> Items, string? Next);

/// <summary>Reads the audit log of a service, the newest entries first. A page looks at so many blocks and no more, so it may hold fewer than asked for and yet not be the last.</summary>
public sealed class ReadAudit<TDb>(IDbContextFactory<TDb> contexts, SoukSettings settings, ServiceName self)
    where TDb : ServiceDb
{
    /// <summary>How long after its own time an entry may be written and sealed.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    internal static void Map(IEndpointRouteBuilder routes, string permission)
    {
        routes.MapGet("/api/v2/audit", async (Params<AuditQuery> query, HttpContext http) => (await http.RequestServices.GetRequiredService<ReadAudit<TDb>>().Run(query.Value, http.RequestAborted))
                .Map(page => new Page<AuditEntryView>([.. page.Items.Select(i => i.Entry)], page.Next)).Ok())
            .WithTags("audit").Allow(Access.Needs(permission))
            .Describe("Read the audit log", "Every change and every refusal of this service, the newest first. A page may hold fewer entries than asked for, or none, and yet have a `next`: go on until it is null.")
            .Answers(200, new Page<AuditEntryView>([AuditEntryView.Example], null));
        routes.MapInternal<AuditQuery, AuditItems>("/internal/audit", (query, http) => http.RequestServices.GetRequiredService<ReadAudit<TDb>>().Run(query, http.RequestAborted));
    }

    /// <summary>A page of this service's log.</summary>
    public async Task<Result<AuditItems>> Run(AuditQuery query, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (Paging.Read<Place>(query.After).Refused(out var wrong, out var after))
        {
            return wrong;
        }

        await using var db = await contexts.CreateDbContextAsync(stop);
        var until = after?.Block ?? await LastBefore(db, query.To, stop);
        var blocks = await db.AuditBlocks.AsNoTracking().Where(b => b.Id <= until).OrderByDescending(b => b.Id).Take(Limits.ScannedBlocks).ToListAsync(stop);
        var items = new List<AuditItem>(query.Limit);
        foreach (var block in blocks)
        {
            if (block.WrittenAt < query.From)
            {
                return new AuditItems(items, null);
            }

            foreach (var (entry, place) in Entries(block).Where(x => IsAfter(x.Place, after) && Fits(x.Entry, query)))
            {
                items.Add(new AuditItem(AuditEntryView.Of(self.Name, block.Id, entry), Paging.Cursor(place)));
                if (items.Count == query.Limit)
                {
                    return new AuditItems(items, items[^1].After);
                }
            }
        }

        return new AuditItems(items, blocks.Count < Limits.ScannedBlocks ? null : Paging.Cursor(new Place(blocks[^1].Id, 0)));
    }

    private static IEnumerable<(AuditEntry Entry, Place Place)> Entries(AuditBlock block) => AuditRun.Read(block.Entries).Select((e, i) => (e, new Place(block.Id, i))).Reverse();

    private static bool IsAfter(Place place, Place? after) => after is null || place.Block < after.Block || place.Entry < after.Entry;

    /// <summary>The last block that can hold entries from before a time; links, which know their times, lead to it.</summary>
    private static async Task<long> LastBefore(TDb db, DateTime? to, CancellationToken stop)
    {
        var late = to + Slack;
        return (late is null ? null : await db.AuditSeals.Where(s => s.SealedAt >= late).OrderBy(s => s.SealedAt).Select(s => (long?)s.LastBlock).FirstOrDefaultAsync(stop)) ?? long.MaxValue;
    }

    private bool Fits(AuditEntry entry, AuditQuery query) =>
        (query.Who is null || entry.Who == query.Who)
        && (query.Operation is null || entry.Operation.Contains(query.Operation, StringComparison.OrdinalIgnoreCase))
        && (query.Outcome is null || entry.Outcome == query.Outcome)
        && (query.TraceId is null || entry.TraceId == query.TraceId)
        && (query.From is null || entry.At >= query.From)
        && (query.To is null || entry.At < query.To)
        && (query.Subject is null || IsAbout(entry, query.Subject));

    private bool IsAbout(AuditEntry entry, string subject) =>
        entry.Subject?.Split('/') is { } parts && (entry.Subject == subject || parts.Contains(AuditNames.Kept(subject, settings), StringComparer.Ordinal) || parts.Contains(subject, StringComparer.Ordinal));

    private sealed record Place(long Block, int Entry);
}
