using System.Text.Json;
using Souk.Contracts;
using Souk.Platform.Events;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Values;

namespace Souk.Sales.Webhooks;

/// <summary>Makes messages of the outbox's events, a part at a time, in the transaction that moves its place on: an order that was placed or cancelled makes one message a webhook.</summary>
internal sealed class WebhookFanOut
{
    /// <summary>Its name among the outbox's readers.</summary>
    public const string Reader = "webhooks";

    /// <summary>Events that are read at once; one may tell of as many orders as one transaction takes.</summary>
    private const int Batch = 4;

    private static readonly string Placed = OutboxEvent.TypeOf(typeof(OrdersPlaced));
    private static readonly string Cancelled = OutboxEvent.TypeOf(typeof(OrderCancelled));

    private readonly OutboxFeed<SalesDb> _feed;
    private readonly GroupCommit<SalesDb> _writer;
    private readonly IdSource _ids;
    private readonly TimeProvider _time;
    private readonly JsonSerializerOptions _json;

    public WebhookFanOut(OutboxFeed<SalesDb> feed, GroupCommit<SalesDb> writer, IdSource ids, TimeProvider time, SoukSettings settings)
    {
        (_feed, _writer, _ids, _time) = (feed, writer, ids, time);
        _json = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Converters = { new MoneyJson(settings.Currency) } };
    }

    /// <summary>Reads what is new for these webhooks; without any, events are only passed over.</summary>
    public async Task Run(SalesDb db, IReadOnlyList<Subscriber> webhooks, CancellationToken stop)
    {
        string[] types = [.. webhooks.SelectMany(w => w.Events).Distinct().Select(e => e == WebhookEvent.OrderPlaced ? Placed : Cancelled)];
        while (await _feed.Next(db, Reader, types, Batch, stop) is { } part)
        {
            WebhookMessage[] messages = [.. part.Events.SelectMany(NewsOf).SelectMany(n => webhooks.Where(w => w.Events.Contains(n.Event) && n.At >= w.CreatedAt).Select(w => Message(w, n)))];
            var written = await _writer.Write<bool>(async tables =>
            {
                if (!await OutboxFeed<SalesDb>.Advance(tables, Reader, part))
                {
                    return false;
                }

                tables.AddRange(messages);
                return true;
            });
            if (written.Refused(out _, out var first) || !first)
            {
                // The next look will do it; or another instance has done it.
                return;
            }
        }
    }

    /// <summary>What an event tells, an order at a time, and no more of it than can be known to anybody on the way: the rest is read from the shop.</summary>
    private static IEnumerable<News> NewsOf(OutboxEvent e) => e.Type == Placed
        ? JsonSerializer.Deserialize<OrdersPlaced>(e.Payload, InternalJson.Options)!.Orders.Select(o => new News(o.OrderId, WebhookEvent.OrderPlaced, o.At, new { o.OrderId, o.Total }))
        : [new News(e.EventId, WebhookEvent.OrderCancelled, e.At, new { JsonSerializer.Deserialize<OrderCancelled>(e.Payload, InternalJson.Options)!.OrderId })];

    private WebhookMessage Message(Subscriber webhook, News news)
    {
        var (now, type) = (_time.GetUtcNow().UtcDateTime, Webhook.TypeOf(news.Event));
        return new WebhookMessage
        {
            Id = _ids.Next(),
            WebhookId = webhook.Id,
            EventId = news.Id,
            Type = type,
            Payload = JsonSerializer.Serialize(new { type, timestamp = news.At, data = news.Data }, _json),
            CreatedAt = now,
            NextAt = now,
        };
    }
}

/// <summary>Something that webhooks are told.</summary>
/// <param name="Id">What makes it one thing: an order is placed once, so its own identifier does.</param>
/// <param name="Event">What happened.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Data">What is told of it.</param>
internal sealed record News(Guid Id, WebhookEvent Event, DateTime At, object Data);
