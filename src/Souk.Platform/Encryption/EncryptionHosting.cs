using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;

namespace Souk.Platform.Encryption;

/// <summary>Gives a service a key ring.</summary>
public static class EncryptionHosting
{
    /// <summary>Registers the ring and its keeper; right after the database, because what starts later may need sealed fields.</summary>
    public static IServiceCollection AddKeyRing<TDb>(this IServiceCollection services, IConfiguration configuration)
        where TDb : ServiceDb
    {
        services.AddSingleton(new KeyAge(TimeSpan.FromDays(SoukSettings.Number(configuration, "Souk:KeyDays", 90, 1, 3650))));
        services.AddSingleton(provider => new MasterKeys(configuration, provider.GetRequiredService<SoukSettings>()));
        services.AddSingleton(provider => new KeyRing(() => Stored<TDb>(provider), provider.GetRequiredService<MasterKeys>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<KeyKeeper<TDb>>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyKeeper<TDb>>());
        return services;
    }

    /// <summary>Read by a call that waits, because an entity that is being read can't.</summary>
    private static List<DataKey> Stored<TDb>(IServiceProvider provider)
        where TDb : ServiceDb
    {
        using var db = provider.GetRequiredService<IDbContextFactory<TDb>>().CreateDbContext();
        return [.. db.Set<DataKey>().AsNoTracking().OrderBy(k => k.CreatedAt).ThenBy(k => k.Id)];
    }
}
