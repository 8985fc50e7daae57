using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Souk.Contracts;
using Souk.Inventory.Products;
using Souk.Inventory.Stock;
using Souk.Inventory.V1;
using Souk.Platform.Audit;
using Souk.Platform.Errors;
using Souk.Platform.Events;
using Souk.Platform.Holds;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;

namespace Souk.Inventory;

/// <summary>Inventory: products, their stock, and the stock that sales hold. Everything that it is made of is listed here.</summary>
public static class InventoryService
{
    /// <summary>The service, ready to be hosted.</summary>
    public static ServiceDefinition Definition { get; } = new(
        "inventory", "Souk Inventory", "Products and their stock: search, read, add, change, adjust.", AddInventory, MapInventory);

    private static void AddInventory(IServiceCollection services, IConfiguration configuration)
    {
        services.AddDatabase<InventoryDb>();
        services.AddSingleton<AddProduct>();
        services.AddSingleton<ChangeProduct>();
        services.AddSingleton<DeleteProduct>();
        services.AddSingleton<AdjustStock>();
        services.AddSingleton<ShopWindow>();
        services.AddHostedService<WatchProducts>();
        services.AddSingleton(ProductChange.Clean);
        services.AddSingleton<Func<ITransaction<InventoryDb>, IStockTables>>(provider => transaction => new StockTables(transaction.Sql, provider.GetRequiredService<ShopWindow>()));
        services.AddParticipant<InventoryDb, StockHold, StockForSales>(configuration);
        services.AddEvents(
            new Dictionary<string, Type[]> { ["sales"] = [typeof(ProductChanged), typeof(ProductDeleted)], ["reviews"] = [typeof(ProductChanged), typeof(ProductDeleted)] },
            new Subscriptions<InventoryDb>().OnRepeatable<OrderCancelled>((provider, e) => provider.GetRequiredService<StockForSales>().End([new SaleEnd(e.OrderId, SaleOutcome.Cancelled)])));
        services.AddSingleton<SampleProducts>();
        if (SoukSettings.Flag(configuration, "Souk:SampleCatalogue", otherwise: true))
        {
            services.AddHostedService(provider => provider.GetRequiredService<SampleProducts>());
        }
    }

    private static void MapInventory(IEndpointRouteBuilder routes)
    {
        var v2 = routes.MapGroup("/api/v2");
        ListProducts.Map(v2);
        AddProduct.Map(v2);
        ReadProduct.Map(v2);
        ChangeProduct.Map(v2);
        DeleteProduct.Map(v2);
        ListAdjustments.Map(v2);
        AdjustStock.Map(v2);
        Goods.Map(routes.MapGroup("/api/v1/inventory"));

        StockForSales.Map(routes);
        ProductCards.Map(routes);
        routes.MapParticipant<InventoryDb, StockHold>();
        routes.MapEvents<InventoryDb>();
        routes.MapAudit<InventoryDb>(Permissions.AuditRead);
        routes.MapErrors(Permissions.ErrorsRead);
        routes.MapHealth<InventoryDb>(
            async (db, stop) => new HealthyInventory(
                "OK",
                "connected",
                await db.Products.AsNoTracking().Where(p => p.DeletedAt == null).OrderBy(p => p.Id).Select(p => Good.Of(ProductView.Of(p))).FirstOrDefaultAsync(stop)),
            new HealthyInventory("OK", "connected", Good.Of(ProductView.Example)));
    }
}

/// <summary>The first contract's answer of an Inventory that is well.</summary>
/// <param name="Status">OK.</param>
/// <param name="DbStatus">connected.</param>
/// <param name="SampleItemCheck">The first product, or null in an empty shop.</param>
internal sealed record HealthyInventory(string Status, string DbStatus, Good? SampleItemCheck);
