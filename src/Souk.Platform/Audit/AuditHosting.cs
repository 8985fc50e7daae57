using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Souk.Platform.Persistence;

namespace Souk.Platform.Audit;

/// <summary>Registers and maps a service's audit log.</summary>
public static class AuditHosting
{
    /// <summary>Maps reading it, for callers with a permission, and the service's part as a witness.</summary>
    public static void MapAudit<TDb>(this IEndpointRouteBuilder routes, string permission)
        where TDb : ServiceDb
    {
        ReadAudit<TDb>.Map(routes, permission);
        AuditWitness.Map<TDb>(routes);
    }

    /// <summary>Registers it.</summary>
    internal static void AddAudit<TDb>(this IServiceCollection services)
        where TDb : ServiceDb
    {
        services.AddSingleton<RefusalLog>();
        services.AddSingleton<ReadAudit<TDb>>();
        services.AddSingleton<AuditCut<TDb>>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditCut<TDb>>());
        services.AddHostedService<RefusalWriter<TDb>>();
        services.AddHostedService<AuditSealer<TDb>>();
    }
}
