using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Souk.Platform.Errors;
using Souk.Platform.Persistence;

namespace Souk.Sales.Webhooks;

/// <summary>
/// Twice a second, behind everything else: makes messages of new events and sends what is due. Each webhook is served by a task of its own,
/// so a receiver that is slow or away delays no other. Nothing of it is on the path of a sale; without webhooks it is hardly there at all.
/// </summary>
internal sealed partial class TellWebhooks(IDbContextFactory<SalesDb> contexts, GroupCommit<SalesDb> writer, WebhookFanOut fanOut, WebhookSender sender, TimeProvider time, ILogger<TellWebhooks> log) : BackgroundService
{
    private const int CleanAtOnce = 1000;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LookIdly = TimeSpan.FromSeconds(10);

    /// <summary>How long a webhook is left alone whose secret can't be decrypted.</summary>
    private static readonly TimeSpan Unreadable = TimeSpan.FromMinutes(1);

    private readonly Dictionary<Guid, Task> _busy = [];
    private DateTimeOffset _nextIdleLook = DateTimeOffset.MinValue;
    private DateTimeOffset _nextCleaning = DateTimeOffset.MinValue;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await Run(stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    LogNotTold(e.Message);
                }
            }
        }
        finally
        {
            await Task.WhenAll(_busy.Values);
        }
    }

    private async Task Run(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var webhooks = await db.Webhooks.Where(w => w.DisabledAt == null).Select(w => new Subscriber(w.Id, Webhook.EventsOf(w.Types), w.CreatedAt)).ToListAsync(stop);
        if (webhooks.Count > 0 || time.GetUtcNow() >= _nextIdleLook)
        {
            _nextIdleLook = time.GetUtcNow() + LookIdly;
            await fanOut.Run(db, webhooks, stop);
        }

        foreach (var webhook in webhooks.Where(w => _busy.GetValueOrDefault(w.Id) is null or { IsCompleted: true }))
        {
            var now = time.GetUtcNow().UtcDateTime;
            if (await db.WebhookMessages.AnyAsync(m => m.WebhookId == webhook.Id && m.State == WebhookState.Pending && m.NextAt <= now, stop))
            {
                _busy[webhook.Id] = Task.Run(() => Send(webhook.Id, stop), CancellationToken.None);
            }
        }

        if (time.GetUtcNow() >= _nextCleaning)
        {
            _nextCleaning = time.GetUtcNow() + TimeSpan.FromHours(1);
            await Clean(stop);
        }
    }

    private async Task Send(Guid webhook, CancellationToken stop)
    {
        try
        {
            await sender.Run(webhook, stop);
        }
        catch (CryptographicException e)
        {
            LogNotSent(webhook, e.Message);
            await Task.Delay(Unreadable, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            LogNotSent(webhook, e.Message);
        }
        catch (OperationCanceledException)
        {
            // It is taken again after the next start.
        }
    }

    /// <summary>Removes messages that are old or whose webhook is gone, a part at a time.</summary>
    private async Task Clean(CancellationToken stop)
    {
        var old = (time.GetUtcNow() - WebhookMessage.Kept).UtcDateTime;
        Result<int> cleaned;
        do
        {
            cleaned = await writer.Write<int>(async db => await db.WebhookMessages.Where(m => m.CreatedAt < old || !db.Webhooks.Any(w => w.Id == m.WebhookId)).OrderBy(m => m.Id).Take(CleanAtOnce).ExecuteDeleteAsync());
        }
        while (cleaned is { Error: null, Value: CleanAtOnce } && !stop.IsCancellationRequested);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhooks wait: {Reason}")]
    private partial void LogNotTold(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook {Webhook} waits: {Reason}")]
    private partial void LogNotSent(Guid webhook, string reason);
}
