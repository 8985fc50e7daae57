using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Customers.Accounts;
using Souk.Platform.Audit;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.Audit;

/// <summary>A page of all services' audit logs.</summary>
/// <param name="Items">The entries, the newest first.</param>
/// <param name="Next">What to send as <c>after</c> for the next page, or null on the last one.</param>
/// <param name="Missing">The services that did not answer; the next page asks them again.</param>
internal sealed record ShopAuditPage(IReadOnlyList<AuditEntryView> Items, string? Next, IReadOnlyList<string> Missing)
{
    public static readonly ShopAuditPage Example = new([AuditEntryView.Example], null, []);
}

/// <summary>Reads the audit logs of all services as one. It stands in Customers, because that is where people are known by their handles.</summary>
internal sealed class ReadShopAudit(ReadAudit<CustomersDb> own, IDbContextFactory<CustomersDb> contexts, Peers peers, SoukSettings settings)
{
    private const string Self = "customers";

    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapGet("/audit/shop", async (Params<AuditQuery> query, ReadShopAudit use, HttpContext http) => (await use.Run(query.Value, http.RequestAborted)).Ok())
        .WithTags("audit").Allow(Access.Needs(Permissions.AuditRead))
        .Describe("Read all audit logs", "Every change and every refusal of all services, the newest first. `who` may be a handle here. A page may hold fewer entries than asked for, or none, and yet have a `next`: go on until it is null.")
        .Answers(200, ShopAuditPage.Example);

    private async Task<Result<ShopAuditPage>> Run(AuditQuery query, CancellationToken stop)
    {
        if (Paging.Read<Key>(query.After).Refused(out var wrong, out var after))
        {
            return wrong;
        }

        query.Who = await IdentifierOf(query.Who, stop);
        var open = settings.Services.Keys.Where(s => after is null || after.Places.ContainsKey(s)).ToArray();
        var parts = await Task.WhenAll(open.Select(s => Ask(s, after?.Places[s], query, stop)));
        var items = new List<AuditEntryView>(query.Limit);
        while (items.Count < query.Limit && parts.Where(p => p.Head is not null).MaxBy(p => p.Head!.At) is { } newest)
        {
            items.Add(newest.Take());
        }

        var rest = parts.Where(p => !p.IsDone).ToDictionary(p => p.Service, p => p.Place);
        return new ShopAuditPage(items, rest.Count == 0 ? null : Paging.Cursor(new Key(rest)), [.. parts.Where(p => p.Page is null).Select(p => p.Service)]);
    }

    /// <summary>Handles are for people; the log knows identifiers.</summary>
    private async Task<string?> IdentifierOf(string? who, CancellationToken stop)
    {
        if (who is null)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Customers.Named(who).Select(c => (Guid?)c.Id).SingleOrDefaultAsync(stop) is { } id ? $"{id}" : who;
    }

    private async Task<Part> Ask(string service, string? place, AuditQuery query, CancellationToken stop)
    {
        var asked = new AuditQuery
        {
            After = place, Limit = query.Limit, Who = query.Who, Operation = query.Operation, Subject = query.Subject, Outcome = query.Outcome, TraceId = query.TraceId, From = query.From, To = query.To,
        };
        var answer = service == Self ? await own.Run(asked, stop) : await peers[service].Post<AuditQuery, AuditItems>("/internal/audit", asked, stop);
        return new Part(service, place, answer.Refused(out _, out var page) ? null : page);
    }

    /// <summary>One service's page, and how far it was taken.</summary>
    private sealed class Part(string service, string? start, AuditItems? page)
    {
        private int _taken;

        public string Service => service;

        public AuditItems? Page => page;

        public AuditEntryView? Head => page is not null && _taken < page.Items.Count ? page.Items[_taken].Entry : null;

        public bool IsDone => page is { Next: null } && Head is null;

        public string? Place => page is null || (_taken == 0 && Head is not null) ? start : Head is null ? page.Next : page.Items[_taken - 1].After;

        public AuditEntryView Take() => page!.Items[_taken++].Entry;
    }

    /// <summary>Where each service that has more goes on; null: at its start.</summary>
    private sealed record Key(Dictionary<string, string?> Places);
}
