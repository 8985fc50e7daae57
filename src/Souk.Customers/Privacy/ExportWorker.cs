using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Souk.Platform.Persistence;

namespace Souk.Customers.Privacy;

/// <summary>Works at the exports that are due, one after the other, and removes what has served its time, erasures too.</summary>
internal sealed partial class ExportWorker(IDbContextFactory<CustomersDb> contexts, GroupCommit<CustomersDb> writer, CollectExport collect, TimeProvider time, ILogger<ExportWorker> log)
    : BackgroundService
{
    private const int AtOnce = 20;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Look(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotCollected(e.Message);
            }
        }
    }

    private async Task Look(CancellationToken stop)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var db = await contexts.CreateDbContextAsync(stop);
        var due = await db.Exports.Where(e => e.DueAt <= now).OrderBy(e => e.DueAt).Take(AtOnce).Select(e => new { e.Id, e.DueAt }).ToListAsync(stop);
        foreach (var export in due)
        {
            await collect.Run(export.Id, export.DueAt!.Value);
        }

        var (exported, erased) = (now - DataExport.Kept, now - Erasure.Kept);
        if (await db.Exports.AnyAsync(e => e.FinishedAt < exported, stop) || await db.Erasures.AnyAsync(e => e.StartedAt < erased, stop))
        {
            _ = await writer.Write<int>(async inWrite =>
                await inWrite.Exports.Where(e => e.FinishedAt < exported).ExecuteDeleteAsync() + await inWrite.Erasures.Where(e => e.StartedAt < erased).ExecuteDeleteAsync());
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Exports wait: {Reason}")]
    private partial void LogNotCollected(string reason);
}
