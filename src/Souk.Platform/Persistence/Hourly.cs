using Microsoft.Extensions.Hosting;

namespace Souk.Platform.Persistence;

/// <summary>Tidies up some time after the start and every hour from then on. What fails is told of, and tried again the next hour.</summary>
/// <param name="first">How long after the start: not at once, a start has better things to do.</param>
/// <param name="time">The clock.</param>
internal abstract class Hourly(TimeSpan first, TimeProvider time) : BackgroundService
{
    protected TimeProvider Time { get; } = time;

    protected abstract Task Run(CancellationToken stop);

    protected abstract void Failed(string reason);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(first, Time, stoppingToken);
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), Time);
        do
        {
            try
            {
                await Run(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Failed(e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
