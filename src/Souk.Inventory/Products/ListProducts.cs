using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Inventory.Search;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Platform.Values;

namespace Souk.Inventory.Products;

/// <summary>How a list of products is sorted; equal ones by their number.</summary>
internal enum ProductSort
{
    Newest,
    Name,
    PriceUp,
    PriceDown,
}

/// <summary>What to look for, and which page.</summary>
internal sealed class ProductQuery : PageQuery
{
    /// <summary>Words, each of which begins a word of the name or description. Spaces alone are no filter.</summary>
    [Text(1, 100)]
    public string? Q { get; set; }

    /// <summary>Only this category.</summary>
    public Category? Category { get; set; }

    /// <summary>The lowest price, a decimal number.</summary>
    [NumberMoney]
    [Between(0, Product.PriceMost)]
    public Money? MinPrice { get; set; }

    /// <summary>The highest price, a decimal number.</summary>
    [NumberMoney]
    [Between(0, Product.PriceMost)]
    public Money? MaxPrice { get; set; }

    /// <summary>True: only what can be bought now. False: only what is sold out.</summary>
    public bool? Available { get; set; }

    /// <summary>The order.</summary>
    public ProductSort Sort { get; set; }
}

/// <summary>Lists and searches products, page by page.</summary>
internal static class ListProducts
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapGet("/products", async (Params<ProductQuery> query, InventoryDb db, HttpContext http) => (await Run(db, query.Value, http.RequestAborted)).Ok())
        .WithTags("products").Allow(Access.Anyone).RememberMany()
        .Describe("List and search products", "Filters narrow each other. Pages are cut by key: they neither skip nor repeat while products are added.")
        .Answers(200, new Page<ProductView>([ProductView.Example], "eyJJZCI6MTJ9"));

    public static async Task<Result<Page<ProductView>>> Run(InventoryDb db, ProductQuery query, CancellationToken stop)
    {
        if (Paging.Read<Key>(query.After).Refused(out var wrong, out var after))
        {
            return wrong;
        }

        var rows = await Rows(db, query, after, stop);
        return Paging.Of(rows, query.Limit, ProductView.Of, p => new Key(p.Id, p.Name, p.Price.Minor));
    }

    private static async Task<List<Product>> Rows(InventoryDb db, ProductQuery query, Key? after, CancellationToken stop)
    {
        IQueryable<Product> InOrder(IQueryable<Product> products) => Sorted(Filtered(products, query), query.Sort, after);
        Task<List<Product>> First(IQueryable<Product> products) => products.Take(query.Limit + 1).AsNoTracking().ToListAsync(stop);
        if (string.IsNullOrWhiteSpace(query.Q))
        {
            return await First(InOrder(db.Products));
        }

        if (db.Database.IsNpgsql())
        {
            var near = await First(PostgresSearch.Among(db, InOrder(db.Products).Take(PostgresSearch.Near), query.Q));
            if (near.Count > query.Limit)
            {
                return near;
            }
        }

        return await First(InOrder(db.Search(query.Q)));
    }

    private static IQueryable<Product> Filtered(IQueryable<Product> products, ProductQuery query)
    {
        products = products.Where(p => p.DeletedAt == null);
        products = query.Category is { } category ? products.Where(p => p.Category == category) : products;
        products = query.MinPrice is { } min ? products.Where(p => p.Price >= min) : products;
        products = query.MaxPrice is { } max ? products.Where(p => p.Price <= max) : products;
        return query.Available is { } available ? products.Where(p => p.Available > 0 == available) : products;
    }

    // An index can start at "this key or more", and not at "more than this key, or this key and …".
    private static IQueryable<Product> Sorted(IQueryable<Product> products, ProductSort sort, Key? after) => sort switch
    {
        ProductSort.Name => products.Where(p => after == null || (p.Name.CompareTo(after.Name) >= 0 && (p.Name != after.Name || p.Id > after.Id))).OrderBy(p => p.Name).ThenBy(p => p.Id),
        ProductSort.PriceUp => After(products, after, up: true).OrderBy(p => p.Price).ThenBy(p => p.Id),
        ProductSort.PriceDown => After(products, after, up: false).OrderByDescending(p => p.Price).ThenBy(p => p.Id),
        _ => products.Where(p => after == null || p.Id < after.Id).OrderByDescending(p => p.Id),
    };

    private static IQueryable<Product> After(IQueryable<Product> products, Key? after, bool up)
    {
        if (after is null)
        {
            return products;
        }

        var price = new Money(after.Price);
        return up
            ? products.Where(p => p.Price >= price && (p.Price != price || p.Id > after.Id))
            : products.Where(p => p.Price <= price && (p.Price != price || p.Id > after.Id));
    }

    private sealed record Key(long Id, string Name, long Price);
}
