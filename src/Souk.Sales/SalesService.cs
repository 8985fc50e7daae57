using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Souk.Contracts;
using Souk.Platform.Events;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Sales.Carts;
using Souk.Sales.Orders;
using Souk.Sales.V1;

namespace Souk.Sales;

/// <summary>Sales: orders, the decision of every sale, carts. Everything that it is made of is listed here.</summary>
public static class SalesService
{
    /// <summary>The service, ready to be hosted.</summary>
    public static ServiceDefinition Definition { get; } = new(
        "sales", "Souk Sales", "Buy, look at the history, cancel; carts.", AddSales, MapSales);

    private static void AddSales(IServiceCollection services, IConfiguration configuration)
    {
        services.AddDatabase<SalesDb>();
        services.AddSingleton(CancelRule.Read(configuration));
        services.AddSingleton<Participants>();
        services.AddSingleton<Func<ITransaction<SalesDb>, IDecisionTables>>(_ => transaction => new DecisionTables(transaction.Sql));
        services.AddSingleton<IDecisionReader, DecisionReader>();
        services.AddSingleton<Decisions>();
        services.AddSingleton<Sale>();
        services.AddSingleton<Buyers>();
        services.AddSingleton<CancelOrder>();
        services.AddSingleton<ProductCache>();
        services.AddSingleton<EditCart>();
        services.AddSingleton<CheckOut>();
        services.AddEvents(new Dictionary<string, Type[]> { ["inventory"] = [typeof(OrderCancelled)], ["customers"] = [typeof(OrderCancelled)] }, Subscriptions());
    }

    private static Subscriptions<SalesDb> Subscriptions() => new Subscriptions<SalesDb>()
        .On<CustomerDeleted>((db, _, e) => GoneCustomer.Forget(db, e))
        .On<ProductChanged>((_, services, e) =>
        {
            services.GetRequiredService<ProductCache>().Put(e.ProductId, new CachedProduct(e.Name, e.Price));
            return Task.CompletedTask;
        })
        .On<ProductDeleted>(async (db, services, e) =>
        {
            services.GetRequiredService<ProductCache>().Remove(e.ProductId);
            await db.CartLines.Where(l => l.ProductId == e.ProductId).ExecuteDeleteAsync();
        });

    private static void MapSales(IEndpointRouteBuilder routes)
    {
        var v2 = routes.MapGroup("/api/v2");
        PlaceOrder.Map(v2);
        ReadOrders.Map(v2);
        CancelOrder.Map(v2);
        EditCart.Map(v2);
        CheckOut.Map(v2);

        var v1 = routes.MapGroup("/api/v1/sales");
        Purchases.Map(v1);
        Goods.Map(v1);

        OrderFacts.Map(routes);
        routes.MapEvents<SalesDb>();
        routes.MapHealth<SalesDb>(
            async (db, stop) => new { status = "OK", db_status = "connected", records_found = await db.OrderLines.CountAsync(stop) },
            new { status = "OK", db_status = "connected", records_found = 42 });
    }
}
