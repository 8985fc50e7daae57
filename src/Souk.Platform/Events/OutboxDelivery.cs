using System.Text.Json;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;

namespace Souk.Platform.Events;

/// <summary>
/// Carries the outbox to each subscriber's <c>/internal/events</c>: at least once, in order, and only what it takes. Each subscriber
/// has a loop and a place of its own, so that one that is down delays nobody else.
/// </summary>
internal sealed partial class OutboxDelivery<TDb> : BackgroundService
    where TDb : ServiceDb
{
    private const int Batch = 500;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(5);

    private readonly IDbContextFactory<TDb> _contexts;
    private readonly GroupCommit<TDb> _writer;
    private readonly Peers _peers;
    private readonly TimeProvider _time;
    private readonly ILogger<OutboxDelivery<TDb>> _log;
    private readonly Subscribers<TDb> _subscribers;
    private readonly Dictionary<string, Channel<bool>> _wake;

    public OutboxDelivery(Subscribers<TDb> subscribers, IDbContextFactory<TDb> contexts, GroupCommit<TDb> writer, Peers peers, TimeProvider time, ILogger<OutboxDelivery<TDb>> log)
    {
        (_subscribers, _contexts, _writer, _peers, _time, _log) = (subscribers, contexts, writer, peers, time, log);
        _wake = subscribers.Names.ToDictionary(name => name, _ => Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }));
        writer.EventsCommitted += Wake;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_wake.Keys.Select(subscriber => Deliver(subscriber, stoppingToken)));

    private void Wake(IReadOnlySet<string> types)
    {
        foreach (var (subscriber, wake) in _wake)
        {
            if (_subscribers.Takes(subscriber).Overlaps(types))
            {
                wake.Writer.TryWrite(true);
            }
        }
    }

    private async Task Deliver(string subscriber, CancellationToken stop)
    {
        var failures = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var (delivered, error) = await DeliverNext(subscriber, stop);
                failures = error is null ? 0 : failures + 1;
                if (error is not null)
                {
                    LogNotDelivered(subscriber, error.Detail);
                }
                else if (delivered == 0)
                {
                    await Sleep(subscriber, stop);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                failures++;
                LogNotDelivered(subscriber, e.Message);
            }

            await Pause(failures, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<(int Delivered, Error? Error)> DeliverNext(string subscriber, CancellationToken stop)
    {
        await using var db = await _contexts.CreateDbContextAsync(stop);
        var last = await db.Deliveries.Where(d => d.Subscriber == subscriber).Select(d => d.LastId).SingleOrDefaultAsync(stop);

        // Only events that it takes, and those come from single writes alone: these take turns, so a later number is never seen before
        // an earlier one. Events of set writes, two of which may be under way on PostgreSQL, could be, and would carry the place past it.
        var takes = _subscribers.Takes(subscriber);
        var events = await db.Outbox.AsNoTracking().Where(e => e.Id > last && takes.Contains(e.Type)).OrderBy(e => e.Id).Take(Batch).ToListAsync(stop);
        if (events.Count == 0)
        {
            return (0, null);
        }

        var messages = events.ConvertAll(e => new EventMessage(e.EventId, e.Subject, e.Type, JsonSerializer.Deserialize<JsonElement>(e.Payload), e.At));
        if ((await _peers[subscriber].Post<List<EventMessage>, Done>("/internal/events", messages, stop)).Error is { } error)
        {
            return (0, error);
        }

        return (events.Count, (await Advance(subscriber, events[^1].Id)).Error);
    }

    private Task<Result<Done>> Advance(string subscriber, long id) => _writer.Write<Done>(async db =>
    {
        if (await db.Deliveries.Where(d => d.Subscriber == subscriber).ExecuteUpdateAsync(s => s.SetProperty(d => d.LastId, id)) == 0)
        {
            db.Add(new Delivery { Subscriber = subscriber, LastId = id });
        }

        return default(Done);
    });

    private async Task Sleep(string subscriber, CancellationToken stop)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var timer = Task.Delay(LookAnyway, _time, soon.Token);
        await Task.WhenAny(_wake[subscriber].Reader.ReadAsync(soon.Token).AsTask(), timer);
        await soon.CancelAsync();
    }

    private Task Pause(int failures, CancellationToken stop)
    {
        if (failures == 0)
        {
            return Task.CompletedTask;
        }

        var pause = TimeSpan.FromMilliseconds(100 * Math.Pow(2, Math.Min(failures, 10)));
        return Task.Delay(pause < LongestPause ? pause : LongestPause, _time, stop);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events for {Subscriber} wait: {Reason}")]
    private partial void LogNotDelivered(string subscriber, string reason);
}

/// <summary>The services that take a service's events, each with the types that it takes.</summary>
internal sealed class Subscribers<TDb>(IReadOnlyDictionary<string, Type[]> subscribers)
{
    private readonly Dictionary<string, HashSet<string>> _types =
        subscribers.ToDictionary(s => s.Key, s => s.Value.Select(OutboxEvent.TypeOf).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);

    public IReadOnlyList<string> Names { get; } = [.. subscribers.Keys];

    public IReadOnlySet<string> Takes(string subscriber) => _types[subscriber];
}
