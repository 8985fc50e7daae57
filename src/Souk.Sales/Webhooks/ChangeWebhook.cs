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
using Souk.Platform.Webhooks;

namespace Souk.Sales.Webhooks;

/// <summary>A JSON Merge Patch (RFC 7396) of a webhook. Fields left out stay as they are.</summary>
internal sealed class WebhookPatch
{
    /// <summary>Where its messages go.</summary>
    [Text(10, Webhook.UrlMost)]
    public string? Url { get; set; }

    /// <summary>What it is told of.</summary>
    [Count(1, 10)]
    public IReadOnlyList<WebhookEvent>? Events { get; set; }

    /// <summary>Whether messages are sent. Switched on again, it gets what waits.</summary>
    public bool? Enabled { get; set; }
}

/// <summary>Changes, switches and removes webhooks.</summary>
internal sealed class ChangeWebhook(GroupCommit<SalesDb> writer, WebhookTargets targets, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2)
    {
        v2.MapPatch("/webhooks/{id}", async (Params<WebhookPath> at, IfMatch match, Body<WebhookPatch> body, ChangeWebhook use, HttpContext http) => (await use.Run(at.Value.Id, body.Value, match)).OkWithETag(http))
            .WithTags("webhooks").Allow(Access.Needs(Permissions.WebhooksWrite))
            .Describe("Change a webhook", "A JSON Merge Patch. One that was switched off because nothing arrived is switched on again by `enabled`.")
            .Takes(new WebhookPatch { Enabled = false }).Answers(200, WebhookView.Example with { Enabled = false, DisabledReason = "An admin switched it off.", Version = 2 })
            .Refuses(SalesErrors.WebhookNotFound, SalesErrors.WebhookUrlRefused);
        v2.MapDelete("/webhooks/{id}", async (Params<WebhookPath> at, ChangeWebhook use) => (await use.Remove(at.Value.Id)).NoContent())
            .WithTags("webhooks").Allow(Access.Needs(Permissions.WebhooksWrite))
            .Describe("Remove a webhook", "Its messages go with it; what waits is not sent.").Answers(204).Refuses(SalesErrors.WebhookNotFound);
    }

    private async Task<Result<WebhookView>> Run(Guid id, WebhookPatch patch, IfMatch match) =>
        patch.Url is { } url && targets.Objection(url) is { } objection
            ? SalesErrors.WebhookUrlRefused.With($"url: {objection}")
            : await writer.Write<WebhookView>(async db =>
            {
                var webhook = await db.Webhooks.SingleOrDefaultAsync(w => w.Id == id);
                if (webhook is null)
                {
                    return SalesErrors.NoWebhook(id);
                }

                if (match.Check(webhook.Version) is { } outdated)
                {
                    return outdated;
                }

                Apply(webhook, patch);
                return WebhookView.Of(webhook);
            });

    private void Apply(Webhook webhook, WebhookPatch patch)
    {
        webhook.Url = patch.Url ?? webhook.Url;
        webhook.Types = patch.Events is { } events ? Webhook.Join(events) : webhook.Types;
        if (patch.Enabled == true)
        {
            (webhook.DisabledAt, webhook.DisabledReason) = (null, null);
        }
        else if (patch.Enabled == false && webhook.DisabledAt is null)
        {
            (webhook.DisabledAt, webhook.DisabledReason) = (time.GetUtcNow().UtcDateTime, "An admin switched it off.");
        }

        webhook.Version++;
    }

    private Task<Result<Done>> Remove(Guid id) => writer.Write<Done>(async db =>
        await db.Webhooks.Where(w => w.Id == id).ExecuteDeleteAsync() == 1 ? default(Done) : SalesErrors.NoWebhook(id));
}
