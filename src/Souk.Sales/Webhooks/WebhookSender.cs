using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Souk.Platform.Errors;
using Souk.Platform.Persistence;
using Souk.Platform.Webhooks;

namespace Souk.Sales.Webhooks;

/// <summary>
/// Sends one webhook's messages until none is due: takes a few, so that no other instance does, sends them side by side, and notes what
/// came of it. A process that dies in between leaves messages that are taken again: they arrive at least once.
/// </summary>
internal sealed partial class WebhookSender(IDbContextFactory<SalesDb> contexts, GroupCommit<SalesDb> writer, WebhookPost post, TimeProvider time, ILogger<WebhookSender> log)
{
    private const int AtOnce = 10;

    /// <summary>Longer than any attempt takes.</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(1);

    public async Task Run(Guid id, CancellationToken stop)
    {
        if (await Find(id, stop) is not { } webhook)
        {
            return;
        }

        while (!stop.IsCancellationRequested)
        {
            var taken = await writer.Write(db => Take(db, webhook.Id));
            if (taken.Refused(out _, out var messages) || messages.Count == 0)
            {
                return;
            }

            var attempts = await Task.WhenAll(messages.Select(m => post.Send(webhook.Url, webhook.Secret, m.Id, m.Payload, stop)));
            var noted = await writer.Write(db => Note(db, webhook.Id, [.. messages.Select(m => m.Id).Zip(attempts)]));
            if (noted.Refused(out _, out var reason) || reason.Length > 0)
            {
                LogDisabled(webhook.Id, reason ?? "");
                return;
            }
        }
    }

    private async Task<Webhook?> Find(Guid id, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Webhooks.AsNoTracking().SingleOrDefaultAsync(w => w.Id == id, stop);
    }

    private async Task<Result<List<WebhookMessage>>> Take(SalesDb db, Guid webhook)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (!await db.Webhooks.AnyAsync(w => w.Id == webhook && w.DisabledAt == null))
        {
            return new List<WebhookMessage>();
        }

        var due = await db.WebhookMessages.AsNoTracking().Where(m => m.WebhookId == webhook && m.State == WebhookState.Pending && m.NextAt <= now).OrderBy(m => m.NextAt).Take(AtOnce).ToListAsync();
        var mine = new List<WebhookMessage>(due.Count);
        foreach (var message in due)
        {
            if (await db.WebhookMessages.Where(m => m.Id == message.Id && m.NextAt == message.NextAt).ExecuteUpdateAsync(s => s.SetProperty(m => m.NextAt, now + Claim)) == 1)
            {
                mine.Add(message);
            }
        }

        return mine;
    }

    /// <summary>Why the webhook was switched off by this; empty when it was not.</summary>
    private async Task<Result<string>> Note(SalesDb db, Guid id, List<(Guid Message, WebhookAttempt Attempt)> attempts)
    {
        var (now, reason) = (time.GetUtcNow().UtcDateTime, "");
        var ids = attempts.ConvertAll(a => a.Message);
        var messages = await db.WebhookMessages.Where(m => ids.Contains(m.Id) && m.State == WebhookState.Pending).ToDictionaryAsync(m => m.Id);
        foreach (var (at, attempt) in attempts.Where(a => messages.ContainsKey(a.Message)))
        {
            var message = messages[at];
            message.Note(attempt.Status, attempt.Failure, now);
            reason = attempt.IsGone ? "The receiver answered 410: it wants no more."
                : message.State == WebhookState.Failed ? $"A message failed {message.Attempts} times; the last time: {attempt.Failure}"
                : reason;
        }

        if (reason.Length > 0 && await db.Webhooks.SingleOrDefaultAsync(w => w.Id == id && w.DisabledAt == null) is { } webhook)
        {
            webhook.Disable(reason, now);
        }

        return reason;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook {Webhook} was switched off: {Reason}")]
    private partial void LogDisabled(Guid webhook, string reason);
}
