using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Souk.Platform.Hosting;

namespace Souk.Platform.Persistence;

/// <summary>
/// Asks the database a few times a second whether anything at all was committed, by whichever process, and makes the service's
/// remembered answers forgotten if so. While the database can't be asked, no answer is taken from memory.
/// </summary>
internal sealed partial class ChangeWatch<TDb>(IDbContextFactory<TDb> contexts, AnswerCache answers, Engine engine, TimeProvider time, ILogger<ChangeWatch<TDb>> log) : BackgroundService
    where TDb : ServiceDb
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(400);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // One connection for all looks: SQLite counts the commits of others for each connection.
        await using var db = await contexts.CreateDbContextAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, time);
        string? before = null;
        do
        {
            try
            {
                var asked = time.GetTimestamp();
                await db.Database.OpenConnectionAsync(stoppingToken);
                var now = (await db.Database.SqlQueryRaw<string>(engine.LastCommit).ToListAsync(stoppingToken))[0];
                if (now != before)
                {
                    answers.Forget();
                }

                before = now;
                answers.Confirm(asked);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotAsked(e.Message);
                await db.Database.CloseConnectionAsync();
                before = null;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database was not asked for changes: {Reason}")]
    private partial void LogNotAsked(string reason);
}
