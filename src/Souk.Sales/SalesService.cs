using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Souk.Contracts;
using Souk.Platform.Audit;
using Souk.Platform.Encryption;
using Souk.Platform.Errors;
using Souk.Platform.Events;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Privacy;
using Souk.Platform.Webhooks;
using Souk.Sales.Carts;
using Souk.Sales.Orders;
using Souk.Sales.Privacy;
using Souk.Sales.V1;
using Souk.Sales.Webhooks;

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
        services.AddKeyRing<SalesDb>(configuration);
        services.AddPersonalData(PersonalSales.Sections);
        services.AddSingleton(CancelRule.Read(configuration));
        services.AddSingleton<Participants>();
        services.AddSingleton<Func<ITransaction<SalesDb>, IDecisionTables>>(_ => transaction => new DecisionTables(transaction.Sql));
        services.AddSingleton<IDecisionReader, DecisionReader>();
        services.AddSingleton<Decisions>();
        services.AddSingleton<Sale>();
        services.AddSingleton<Buyers>();
        services.AddSingleton<Spending>();
        services.AddSingleton<CancelOrder>();
        services.AddSingleton<ProductCache>();
        services.AddSingleton<EditCart>();
        services.AddSingleton<CheckOut>();
        services.AddEvents(new Dictionary<string, Type[]> { ["inventory"] = [typeof(OrderCancelled)], ["customers"] = [typeof(OrderCancelled)] }, Subscriptions(), WebhookFanOut.Reader);
        AddWebhooks(services, configuration);
    }

    private static void AddWebhooks(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(WebhookTargets.Read(configuration, "Sales:WebhookNetworks"));
        services.AddSingleton<WebhookPost>();
        services.AddSingleton<RegisterWebhook>();
        services.AddSingleton<ChangeWebhook>();
        services.AddSingleton<WebhookFanOut>();
        services.AddSingleton<WebhookSender>();
        services.AddHostedService<TellWebhooks>();
    }

    private static Subscriptions<SalesDb> Subscriptions() => new Subscriptions<SalesDb>()
        .On<CustomerDeleted>((db, _, e) => GoneCustomer.Forget(db, e))
        .On<ProductChanged>((_, services, e) =>
        {
            services.GetRequiredService<ProductCache>().Forget(e.ProductId);
            return Task.CompletedTask;
        })
        .On<ProductDeleted>(async (db, services, e) =>
        {
            services.GetRequiredService<ProductCache>().Forget(e.ProductId);
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
        RegisterWebhook.Map(v2);
        ReadWebhooks.Map(v2);
        ChangeWebhook.Map(v2);

        var v1 = routes.MapGroup("/api/v1/sales");
        Purchases.Map(v1);
        Goods.Map(v1);

        OrderFacts.Map(routes);
        routes.MapPersonalData<SalesDb>();
        routes.MapEvents<SalesDb>();
        routes.MapAudit<SalesDb>(Permissions.AuditRead);
        routes.MapErrors(Permissions.ErrorsRead);
        routes.MapHealth<SalesDb>(
            async (db, stop) => new { status = "OK", db_status = "connected", records_found = await db.OrderLines.CountAsync(stop) },
            new { status = "OK", db_status = "connected", records_found = 42 });
    }
}
