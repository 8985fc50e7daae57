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

    /// <summary>How often a quiet service looks.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How soon a busy one looks again: a second's worth of holds in one go would keep sales waiting.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

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
        var pause = Interval;
        while (true)
        {
            await Task.Delay(pause, time, stoppingToken);
            pause = await TrySweep(stoppingToken) switch
            {
                0 => Interval,
                AtOnce => TimeSpan.Zero,
                _ => Soon,
            };
        }
    }

    private async Task<int> TrySweep(CancellationToken stop)
    {
        try
        {
            if (!(await Sweep(stop)).Refused(out var error, out var ended))
            {
                return ended;
            }

            LogNotSwept(error.Detail);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            LogNotSwept(e.Message);
        }

        return 0;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Holds wait for their outcome: {Reason}")]
    private partial void LogNotSwept(string reason);
}
