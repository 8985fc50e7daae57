using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Souk.Platform.Errors;
using Souk.Platform.Persistence;

namespace Souk.Platform.Events;

/// <summary>What a service cleans up beside what every service does.</summary>
/// <typeparam name="TDb">The service's model.</typeparam>
/// <param name="Some">Removes up to so many rows of each kind that are of no use now (UTC); tells how many it removed.</param>
public sealed record AlsoClean<TDb>(Func<TDb, DateTime, int, Task<int>> Some)
    where TDb : ServiceDb;

/// <summary>Soon after the start and every hour removes what has served its time: delivered events, the memory of handled ones, kept answers.</summary>
internal sealed partial class Cleaning<TDb>(Subscribers<TDb> subscribers, IEnumerable<AlsoClean<TDb>> rules, GroupCommit<TDb> writer, TimeProvider time, ILogger<Cleaning<TDb>> log)
    : Hourly(TimeSpan.FromMinutes(1), time)
    where TDb : ServiceDb
{
    private const int AtOnce = 1000;

    protected override Task Run(CancellationToken stop) => CleanAll(stop);

    protected override void Failed(string reason) => LogNotCleaned(reason);

    /// <summary>A part at a time, so that other writes get their turn in between.</summary>
    internal async Task CleanAll(CancellationToken stop)
    {
        Result<int> cleaned;
        do
        {
            cleaned = await writer.Write<int>(Clean);
        }
        while (cleaned is { Error: null, Value: > 0 } && !stop.IsCancellationRequested);
        if (cleaned.Error is { } error)
        {
            LogNotCleaned(error.Detail);
        }
    }

    private async Task<Result<int>> Clean(TDb db)
    {
        var forgotten = (Time.GetUtcNow() - KeptAnswer.Kept).UtcDateTime;
        var delivered = await DeliveredToAll(db);
        var own = 0;
        foreach (var rule in rules)
        {
            own += await rule.Some(db, Time.GetUtcNow().UtcDateTime, AtOnce);
        }

        var old = (Time.GetUtcNow() - TimeSpan.FromDays(1)).UtcDateTime;
        return own + await db.KeptAnswers.Where(k => k.At < forgotten).OrderBy(k => k.At).Take(AtOnce).ExecuteDeleteAsync()
            + await db.SeenEvents.Where(e => e.At < forgotten).OrderBy(e => e.At).Take(AtOnce).ExecuteDeleteAsync()
            + await db.Outbox.Where(e => e.Id <= delivered && e.At < old).OrderBy(e => e.Id).Take(AtOnce).ExecuteDeleteAsync();
    }

    /// <summary>The last event that every subscriber has; without subscribers, any.</summary>
    private async Task<long> DeliveredToAll(TDb db)
    {
        if (subscribers.Places.Count == 0)
        {
            return long.MaxValue;
        }

        var places = await db.Deliveries.Where(d => subscribers.Places.Contains(d.Subscriber)).Select(d => d.LastId).ToListAsync();
        return places.Count == subscribers.Places.Count ? places.Min() : 0;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nothing was cleaned up this time: {Reason}")]
    private partial void LogNotCleaned(string reason);
}
