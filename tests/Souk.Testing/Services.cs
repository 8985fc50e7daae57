using Microsoft.Extensions.DependencyInjection;
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
}
