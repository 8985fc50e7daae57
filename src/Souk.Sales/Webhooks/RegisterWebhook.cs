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
using Souk.Platform.Values;
using Souk.Platform.Webhooks;

namespace Souk.Sales.Webhooks;

/// <summary>A webhook to be registered.</summary>
internal sealed class NewWebhook
{
    public static readonly NewWebhook Example = new() { Url = "https://shop.example/hooks/souk", Events = [WebhookEvent.OrderPlaced, WebhookEvent.OrderCancelled] };

    /// <summary>Where its messages go: https, and an address of the public Internet.</summary>
    [Text(10, Webhook.UrlMost)]
    public required string Url { get; set; }

    /// <summary>What it is told of.</summary>
    [Count(1, 10)]
    public required IReadOnlyList<WebhookEvent> Events { get; set; }
}

/// <summary>Registers a webhook and makes up its secret.</summary>
internal sealed class RegisterWebhook(GroupCommit<SalesDb> writer, WebhookTargets targets, IdSource ids, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPost("/webhooks", async (Body<NewWebhook> body, IdempotencyKey key, Caller caller, RegisterWebhook use, HttpContext http) =>
            (await use.Run(body.Value, caller, key)).CreatedWithETag(http, w => $"/api/v2/webhooks/{w.Id}"))
        .WithTags("webhooks").Allow(Access.Needs(Permissions.WebhooksWrite))
        .Describe("Register a webhook", "Its messages are signed as Standard Webhooks has it, with the secret that this answer shows and no other. A shop has at most 20.")
        .Takes(NewWebhook.Example).Answers(201, WebhookView.Example with { Secret = "whsec_…" })
        .Refuses(SalesErrors.WebhookUrlRefused, SalesErrors.WebhookLimit);

    private async Task<Result<WebhookView>> Run(NewWebhook wanted, Caller caller, IdempotencyKey key)
    {
        if (targets.Objection(wanted.Url) is { } objection)
        {
            return SalesErrors.WebhookUrlRefused.With($"url: {objection}");
        }

        // The answer that is kept for the key has no secret in it: a repetition is told of the same webhook, and nothing shows a secret twice.
        string? secret = null;
        var made = await writer.WriteOnce<WebhookView>(Once.For(Once.ScopeOf(caller.Id), key, "register-webhook", wanted.Url, wanted.Events), async db =>
        {
            if (await db.Webhooks.CountAsync() >= Webhook.Most)
            {
                return SalesErrors.WebhookLimit.With($"A shop has at most {Webhook.Most} webhooks.");
            }

            var webhook = new Webhook { Id = ids.Next(), Url = wanted.Url, Types = Webhook.Join(wanted.Events), Secret = secret = WebhookSignature.NewSecret(), CreatedAt = time.GetUtcNow().UtcDateTime };
            db.Add(webhook);
            return WebhookView.Of(webhook);
        });
        return made.Map(w => w with { Secret = secret });
    }
}
