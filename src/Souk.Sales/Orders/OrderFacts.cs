using System.Globalization;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Holds;
using Souk.Platform.Hosting;

namespace Souk.Sales.Orders;

/// <summary>What other services ask about sales and orders.</summary>
internal static class OrderFacts
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapInternal<AskOutcomes, List<SaleEnd>>("/internal/decisions", (ask, http) => http.RequestServices.GetRequiredService<Decisions>().Ask(ask.SaleIds));
        routes.MapInternal<PurchaseFact>("/internal/purchases", async http =>
        {
            var customer = Guid.Parse(http.Request.Query["customer_id"].ToString());
            var product = long.Parse(http.Request.Query["product_id"].ToString(), CultureInfo.InvariantCulture);
            return await Bought(http.RequestServices.GetRequiredService<SalesDb>(), customer, product);
        });
    }

    private static async Task<Result<PurchaseFact>> Bought(SalesDb db, Guid customer, long product) =>
        new PurchaseFact(await db.Orders.AnyAsync(o => o.CustomerId == customer && o.Status == OrderStatus.Confirmed && o.Lines.Any(l => l.ProductId == product)));
}
