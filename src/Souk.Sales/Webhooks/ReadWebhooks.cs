using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Sales.Webhooks;

/// <summary>Which webhook.</summary>
internal sealed class WebhookPath
{
    /// <summary>The webhook.</summary>
    public required Guid Id { get; set; }
}

/// <summary>Whose messages, and which page.</summary>
internal sealed class WebhookMessageQuery : PageQuery
{
    /// <summary>The webhook.</summary>
    public required Guid Id { get; set; }

    /// <summary>Only messages that stand so.</summary>
    public WebhookState? State { get; set; }
}

/// <summary>Reads webhooks and the messages to them.</summary>
internal static class ReadWebhooks
{
    public static void Map(IEndpointRouteBuilder v2)
    {
        v2.MapGet("/webhooks", async (Params<PageQuery> query, SalesDb db, HttpContext http) => (await List(query.Value, db, http.RequestAborted)).Ok())
            .WithTags("webhooks").Allow(Access.Needs(Permissions.WebhooksWrite))
            .Describe("List webhooks", "The oldest first.").Answers(200, new Page<WebhookView>([WebhookView.Example], null));
        v2.MapGet("/webhooks/{id}", async (Params<WebhookPath> at, SalesDb db, HttpContext http) => (await One(at.Value.Id, db, http.RequestAborted)).OkWithETag(http))
            .WithTags("webhooks").Allow(Access.Needs(Permissions.WebhooksWrite))
            .Describe("Read a webhook", "Whether it is on, and if not, why.").Answers(200, WebhookView.Example).Refuses(SalesErrors.WebhookNotFound);
        v2.MapGet("/webhooks/{id}/deliveries", async (Params<WebhookMessageQuery> query, SalesDb db, HttpContext http) => (await Messages(query.Value, db, http.RequestAborted)).Ok())
            .WithTags("webhooks").Allow(Access.Needs(Permissions.WebhooksWrite))
            .Describe("List a webhook's deliveries", "The newest first, for 30 days: what was sent, how often, and what came of it.")
            .Answers(200, new Page<WebhookMessageView>([WebhookMessageView.Example], null)).Refuses(SalesErrors.WebhookNotFound);
    }

    private static async Task<Result<Page<WebhookView>>> List(PageQuery query, SalesDb db, CancellationToken stop)
    {
        if (Paging.Read<Key>(query.After).Refused(out var wrong, out var after))
        {
            return wrong;
        }

        var webhooks = db.Webhooks.AsQueryable();
        webhooks = after is null ? webhooks : webhooks.Where(w => w.Id.CompareTo(after.Id) > 0);
        return Paging.Of(await webhooks.OrderBy(w => w.Id).Take(query.Limit + 1).Select(WebhookView.OfRow).ToListAsync(stop), query.Limit, w => w, w => new Key(w.Id));
    }

    private static async Task<Result<WebhookView>> One(Guid id, SalesDb db, CancellationToken stop) =>
        await db.Webhooks.Where(w => w.Id == id).Select(WebhookView.OfRow).SingleOrDefaultAsync(stop) is { } webhook ? webhook : SalesErrors.NoWebhook(id);

    private static async Task<Result<Page<WebhookMessageView>>> Messages(WebhookMessageQuery query, SalesDb db, CancellationToken stop)
    {
        if (Paging.Read<Key>(query.After).Refused(out var wrong, out var after))
        {
            return wrong;
        }

        if (!await db.Webhooks.AnyAsync(w => w.Id == query.Id, stop))
        {
            return SalesErrors.NoWebhook(query.Id);
        }

        // What a newer version told, before this one was put back in its place, has no name here.
        var messages = db.WebhookMessages.AsNoTracking().Where(m => m.WebhookId == query.Id && Webhook.KnownTypes.Contains(m.Type));
        messages = query.State is { } state ? messages.Where(m => m.State == state) : messages;
        messages = after is null ? messages : messages.Where(m => m.EventId.CompareTo(after.Id) < 0);
        return Paging.Of(await messages.OrderByDescending(m => m.EventId).Take(query.Limit + 1).ToListAsync(stop), query.Limit, WebhookMessageView.Of, m => new Key(m.EventId));
    }

    private sealed record Key(Guid Id);
}
