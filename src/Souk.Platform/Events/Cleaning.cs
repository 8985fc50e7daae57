using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Souk.Platform.Errors;
using Souk.Platform.Persistence;

namespace Souk.Platform.Events;

/// <summary>Every hour removes what has served its time: delivered events, the memory of handled ones, kept answers.</summary>
internal sealed partial class Cleaning<TDb>(Subscribers<TDb> subscribers, GroupCommit<TDb> writer, TimeProvider time, ILogger<Cleaning<TDb>> log) : BackgroundService
    where TDb : ServiceDb
{
    private const int AtOnce = 10_000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if ((await writer.Write(Clean)).Error is { } error)
            {
                LogNotCleaned(error.Detail);
            }
        }
    }

    internal async Task<Result<Done>> Clean(TDb db)
    {
        var forgotten = (time.GetUtcNow() - KeptAnswer.Kept).UtcDateTime;
        await db.KeptAnswers.Where(k => k.At < forgotten).ExecuteDeleteAsync();
        await db.SeenEvents.Where(e => e.At < forgotten).ExecuteDeleteAsync();
        var delivered = subscribers.Names.Count == 0 ? long.MaxValue : await DeliveredToAll(db);
        var old = (time.GetUtcNow() - TimeSpan.FromDays(1)).UtcDateTime;
        await db.Outbox.Where(e => e.Id <= delivered && e.At < old).OrderBy(e => e.Id).Take(AtOnce).ExecuteDeleteAsync();
        return default(Done);
    }

    private async Task<long> DeliveredToAll(TDb db)
    {
        var places = await db.Deliveries.Where(d => subscribers.Names.Contains(d.Subscriber)).Select(d => d.LastId).ToListAsync();
        return places.Count == subscribers.Names.Count ? places.Min() : 0;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nothing was cleaned up this time: {Reason}")]
    private partial void LogNotCleaned(string reason);
}
