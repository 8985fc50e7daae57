using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;

namespace Souk.Platform.Holds;

/// <summary>Registers and maps a service's part in sales.</summary>
public static class HoldHosting
{
    /// <summary>Registers the participant, its lease and its sweeper.</summary>
    public static IServiceCollection AddParticipant<TDb, THold, TParticipant>(this IServiceCollection services, IConfiguration configuration)
        where TDb : ServiceDb
        where THold : Hold
        where TParticipant : Participant<TDb, THold>
    {
        services.AddSingleton(new Lease(TimeSpan.FromSeconds(SoukSettings.Number(configuration, "Holds:LeaseSeconds", 30, 1, 3600))));
        services.AddSingleton<TParticipant>();
        services.AddSingleton<Participant<TDb, THold>>(provider => provider.GetRequiredService<TParticipant>());
        services.AddSingleton<IOverdueHolds<THold>, OverdueHolds<TDb, THold>>();
        services.AddSingleton<HoldSweeper<TDb, THold>>();
        services.AddHostedService(provider => provider.GetRequiredService<HoldSweeper<TDb, THold>>());
        return services;
    }

    /// <summary>Maps <c>/internal/sale-ends</c>, by which Sales hurries the end of sales that it aborted or cancelled.</summary>
    public static void MapParticipant<TDb, THold>(this IEndpointRouteBuilder routes)
        where TDb : ServiceDb
        where THold : Hold =>
        routes.MapInternal<List<SaleEnd>, Done>("/internal/sale-ends", (ends, http) => http.RequestServices.GetRequiredService<Participant<TDb, THold>>().End(ends));

    /// <summary>Finds overdue holds through the model.</summary>
    private sealed class OverdueHolds<TDb, THold>(IDbContextFactory<TDb> contexts) : IOverdueHolds<THold>
        where TDb : ServiceDb
        where THold : Hold
    {
        public async Task<List<Guid>> Find(DateTime now, int most, CancellationToken stop)
        {
            await using var db = await contexts.CreateDbContextAsync(stop);
            return await db.Set<THold>().Where(h => h.State == HoldState.Held && h.AskFrom <= now).OrderBy(h => h.AskFrom).Select(h => h.SaleId).Take(most).ToListAsync(stop);
        }
    }
}
