using Microsoft.Extensions.DependencyInjection;
using Souk.Platform.Events;
using Souk.Platform.Persistence;
using Souk.Platform.Security;

namespace Souk.Testing;

/// <summary>Speaks to a service as another service would.</summary>
public static class Services
{
    /// <summary>A caller with Sales' own token.</summary>
    public static Person AsSales(this TestShop shop)
    {
        ArgumentNullException.ThrowIfNull(shop);
        return new Person(shop, "", shop.Parts("sales").GetRequiredService<ServiceTokens>().Own());
    }

    /// <summary>Removes what has served its time, which a service does by itself every hour.</summary>
    /// <typeparam name="TDb">The service's model.</typeparam>
    public static Task CleanUp<TDb>(this TestShop shop, string service)
        where TDb : ServiceDb
    {
        ArgumentNullException.ThrowIfNull(shop);
        return ActivatorUtilities.CreateInstance<Cleaning<TDb>>(shop.Parts(service)).CleanAll(CancellationToken.None);
    }
}
