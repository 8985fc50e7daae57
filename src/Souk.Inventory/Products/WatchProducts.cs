using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Souk.Platform.Hosting;

namespace Souk.Inventory.Products;

/// <summary>
/// Asks the database a few times a second whether another process changed products, and makes all that is remembered forgotten if so. While the
/// database can't be asked, no answer is taken from memory.
/// </summary>
internal sealed partial class WatchProducts(IDbContextFactory<InventoryDb> contexts, AnswerCache answers, ShopWindow window, TimeProvider time, ILogger<WatchProducts> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(400);

    /// <summary>After so many looks, about a minute, everything is forgotten in any case: somebody may have changed a table past Souk.</summary>
    private const int LooksRemembered = 150;

    private List<(Guid, long)>? _before;
    private int _looks;

    /// <summary>Looks once.</summary>
    internal async Task Look(CancellationToken stop)
    {
        try
        {
            var asked = time.GetTimestamp();
            var now = await Changes(stop);
            if (_before?.SequenceEqual(now) != true || ++_looks % LooksRemembered == 0)
            {
                answers.Forget();
            }

            _before = now;
            answers.Confirm(asked);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            LogNotAsked(e.Message);
            _before = null;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await Look(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<List<(Guid, long)>> Changes(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var others = await db.ProductChanges.AsNoTracking().Where(c => c.Writer != window.Writer).OrderBy(c => c.Writer).ToListAsync(stop);
        return [.. others.Select(c => (c.Writer, c.Number))];
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database was not asked for changes: {Reason}")]
    private partial void LogNotAsked(string reason);
}
