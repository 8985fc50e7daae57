using System.Globalization;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Souk.Contracts;
using Souk.Inventory.V1;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;

namespace Souk.Inventory.Products;

/// <summary>What other services ask about products.</summary>
internal static class ProductCards
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapInternal<List<ProductCard>>("/internal/products", async http =>
            await ByIds(http.RequestServices.GetRequiredService<InventoryDb>(), http.Request.Query["ids"].ToString()));
        routes.MapInternal<List<ProductCard>>("/internal/products/available", async http =>
            await Available(http.RequestServices.GetRequiredService<InventoryDb>(), long.Parse(http.Request.Query["after"].ToString(), CultureInfo.InvariantCulture)));
        routes.MapInternal<Good>("/internal/goods", async http =>
            (await ReadProduct.Run(http.RequestServices.GetRequiredService<InventoryDb>(), long.Parse(http.Request.Query["id"].ToString(), CultureInfo.InvariantCulture), http.RequestAborted)).Map(Good.Of));
        routes.MapInternal<ProductCard>("/internal/products/by-name", async http =>
            await ByName(http.RequestServices.GetRequiredService<InventoryDb>(), http.Request.Query["name"].ToString()));
    }

    private const int AtOnce = 500;

    private static async Task<Result<List<ProductCard>>> ByIds(InventoryDb db, string ids)
    {
        var wanted = ids.Split(',').Select(id => long.Parse(id, CultureInfo.InvariantCulture)).ToArray();
        return await Cards(db.Products.Where(p => wanted.Contains(p.Id))).ToListAsync();
    }

    /// <summary>The next products that can be bought, by their number.</summary>
    private static async Task<Result<List<ProductCard>>> Available(InventoryDb db, long after) =>
        await Cards(db.Products.Where(p => p.Id > after && p.Available > 0).OrderBy(p => p.Id)).Take(AtOnce).ToListAsync();

    /// <summary>Names are not unique: the oldest that can be bought, or else the oldest.</summary>
    private static async Task<Result<ProductCard>> ByName(InventoryDb db, string name) =>
        await Cards(db.Products.Where(p => p.Name == name).OrderByDescending(p => p.Available > 0).ThenBy(p => p.Id)).FirstOrDefaultAsync() is { } card
            ? card
            : ShopErrors.ProductNotFound.With($"There is no product '{name}'.");

    private static IQueryable<ProductCard> Cards(IQueryable<Product> products) =>
        products.Where(p => p.DeletedAt == null).Select(p => new ProductCard(p.Id, p.Name, p.Price, p.Available));
}
