using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;

namespace Souk.Platform.Holds;

/// <summary>
/// Recovery, all of it: holds whose lease ran out are sent to Sales, and its answer settles or voids them. A wrong clock asks too
/// early or too late, and does no harm either way.
/// </summary>
internal sealed partial class HoldSweeper<TDb, THold>(
    Participant<TDb, THold> participant, IOverdueHolds<THold> overdue, Peers peers, TimeProvider time, ILogger<HoldSweeper<TDb, THold>> log)
    : BackgroundService
    where TDb : ServiceDb
    where THold : Hold
{
    private const int AtOnce = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Asks for one batch and ends its holds; returns how many there were.</summary>
    internal async Task<Result<int>> Sweep(CancellationToken stop)
    {
        var waiting = await overdue.Find(time.GetUtcNow().UtcDateTime, AtOnce, stop);
        if (waiting.Count == 0)
        {
            return 0;
        }

        var asked = await peers["sales"].Post<AskOutcomes, List<SaleEnd>>("/internal/decisions", new AskOutcomes(waiting), stop);
        return asked.Refused(out var error, out var ends) ? error : (await participant.End(ends)).Map(_ => ends.Count);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAll(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotSwept(e.Message);
            }
        }
    }

    private async Task SweepAll(CancellationToken stop)
    {
        Result<int> swept;
        do
        {
            swept = await Sweep(stop);
        }
        while (swept is { Error: null, Value: AtOnce });
        if (swept.Error is { } error)
        {
            LogNotSwept(error.Detail);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Holds wait for their outcome: {Reason}")]
    private partial void LogNotSwept(string reason);
}
