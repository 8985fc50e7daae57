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
/// has a loop and a place of its own, so that one that is down delays nobody else. Instances of one service may deliver the same
/// events at once: the subscriber handles each once, and none before those that come before it.
/// </summary>
internal sealed partial class OutboxDelivery<TDb> : BackgroundService
    where TDb : ServiceDb
{
    private const int Batch = 500;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(5);

    private readonly IDbContextFactory<TDb> _contexts;
    private readonly Engine _engine;
    private readonly GroupCommit<TDb> _writer;
    private readonly Peers _peers;
    private readonly TimeProvider _time;
    private readonly ILogger<OutboxDelivery<TDb>> _log;
    private readonly Subscribers<TDb> _subscribers;
    private readonly Dictionary<string, Channel<bool>> _wake;

    public OutboxDelivery(Subscribers<TDb> subscribers, IDbContextFactory<TDb> contexts, Engine engine, GroupCommit<TDb> writer, Peers peers, TimeProvider time, ILogger<OutboxDelivery<TDb>> log)
    {
        (_subscribers, _contexts, _engine, _writer, _peers, _time, _log) = (subscribers, contexts, engine, writer, peers, time, log);
        _wake = subscribers.Names.ToDictionary(name => name, _ => Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }));
        writer.EventsCommitted += Wake;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_wake.Keys.Select(subscriber => Deliver(subscriber, stoppingToken)));

    private void Wake(ISet<string> types)
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
        var complete = await _engine.LastComplete(db, "outbox", _time, stop);
        if (complete <= last)
        {
            return (0, null);
        }

        var types = _subscribers.Takes(subscriber);
        var events = await db.Outbox.AsNoTracking().Where(e => e.Id > last && e.Id <= complete && types.Contains(e.Type)).OrderBy(e => e.Id).Take(Batch).ToListAsync(stop);
        var messages = events.ConvertAll(e => new EventMessage(e.EventId, e.Subject, e.Type, JsonSerializer.Deserialize<JsonElement>(e.Payload), e.At));
        if (messages.Count > 0 && (await _peers[subscriber].Post<List<EventMessage>, Done>("/internal/events", messages, stop)).Error is { } error)
        {
            return (0, error);
        }

        return (events.Count, (await Advance(subscriber, events.Count == Batch ? events[^1].Id : complete)).Error);
    }

    /// <summary>Notes how far a subscriber has got. Another instance of this service may have got further: the place never goes back.</summary>
    internal Task<Result<Done>> Advance(string subscriber, long id) => _writer.Write<Done>(async db =>
    {
        await db.Deliveries.Where(d => d.Subscriber == subscriber && d.LastId < id).ExecuteUpdateAsync(s => s.SetProperty(d => d.LastId, id));
        if (!await db.Deliveries.AnyAsync(d => d.Subscriber == subscriber))
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
internal sealed class Subscribers<TDb>(IReadOnlyDictionary<string, Type[]> subscribers, IReadOnlyList<string> readers)
{
    private readonly Dictionary<string, HashSet<string>> _types =
        subscribers.ToDictionary(s => s.Key, s => s.Value.Select(OutboxEvent.TypeOf).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);

    public IReadOnlyList<string> Names { get; } = [.. subscribers.Keys];

    /// <summary>Everybody with a place in the outbox: the services, and the readers inside this one.</summary>
    public IReadOnlyList<string> Places { get; } = [.. subscribers.Keys, .. readers];

    public IReadOnlySet<string> Takes(string subscriber) => _types[subscriber];
}
