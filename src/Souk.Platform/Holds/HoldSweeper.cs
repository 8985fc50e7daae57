using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
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
    Participant<TDb, THold> participant, IDbContextFactory<TDb> contexts, GroupCommit<TDb> writer, Peers peers, IServiceProvider services, TimeProvider time, ILogger<HoldSweeper<TDb, THold>> log)
    : BackgroundService
    where TDb : ServiceDb
    where THold : Hold
{
    private const int AtOnce = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Asks for one batch and ends its holds; returns how many there were.</summary>
    internal async Task<Result<int>> Sweep(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var now = time.GetUtcNow().UtcDateTime;
        var waiting = await db.Set<THold>().Where(h => h.State == HoldState.Held && h.AskFrom <= now)
            .OrderBy(h => h.AskFrom).Select(h => h.SaleId).Take(AtOnce).ToListAsync(stop);
        if (waiting.Count == 0)
        {
            return 0;
        }

        var asked = await peers["sales"].Post<AskOutcomes, List<SaleEnd>>("/internal/decisions", new AskOutcomes(waiting), stop);
        return asked.Refused(out var error, out var ends) ? error : (await EndAll(ends)).Map(_ => ends.Count);
    }

    internal async Task<Result<Done>> EndAll(IReadOnlyList<SaleEnd> ends)
    {
        var writes = ends.Select(end => writer.Write(db => participant.End(db, services, end.SaleId, end.Outcome))).ToArray();
        foreach (var write in writes)
        {
            if ((await write).Error is { } error)
            {
                return error;
            }
        }

        return default(Done);
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

/// <summary>Registers and maps a service's part in sales.</summary>
public static class HoldHosting
{
    /// <summary>Registers the participant, its lease and its sweeper.</summary>
    public static IServiceCollection AddParticipant<TDb, THold>(this IServiceCollection services, Participant<TDb, THold> participant, IConfiguration configuration)
        where TDb : ServiceDb
        where THold : Hold
    {
        services.AddSingleton(new Lease(TimeSpan.FromSeconds(SoukSettings.Number(configuration, "Holds:LeaseSeconds", 30, 1, 3600))));
        services.AddSingleton(participant);
        services.AddSingleton<HoldSweeper<TDb, THold>>();
        services.AddHostedService(provider => provider.GetRequiredService<HoldSweeper<TDb, THold>>());
        return services;
    }

    /// <summary>Maps <c>/internal/sale-ends</c>, by which Sales hurries the end of sales that it aborted or cancelled.</summary>
    public static void MapParticipant<TDb, THold>(this IEndpointRouteBuilder routes)
        where TDb : ServiceDb
        where THold : Hold =>
        routes.MapInternal<List<SaleEnd>, Done>("/internal/sale-ends", (ends, http) => http.RequestServices.GetRequiredService<HoldSweeper<TDb, THold>>().EndAll(ends));
}
