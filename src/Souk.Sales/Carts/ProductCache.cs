using Microsoft.Extensions.Caching.Memory;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Values;

namespace Souk.Sales.Carts;

/// <summary>A product's name and price, for showing carts. No sale is made at these prices.</summary>
internal sealed record CachedProduct(string Name, Money Price);

/// <summary>
/// Names and prices of products, asked of Inventory once a second at most. An event of a change reaches one instance of Sales only; the
/// others follow when the second is over.
/// </summary>
internal sealed class ProductCache(Peers peers) : IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    /// <summary>What is known of each; a product that is not sold any more is missing.</summary>
    public async Task<Result<Dictionary<long, CachedProduct>>> Of(IReadOnlyCollection<long> ids)
    {
        var known = ids.Select(id => (Id: id, Product: _cache.Get<CachedProduct>(id))).Where(x => x.Product is not null).ToDictionary(x => x.Id, x => x.Product!);
        var unknown = ids.Where(id => !known.ContainsKey(id)).ToArray();
        if (unknown.Length == 0)
        {
            return known;
        }

        var asked = await peers["inventory"].Get<List<ProductCard>>($"/internal/products?ids={string.Join(',', unknown)}");
        if (asked.Refused(out var error, out var cards))
        {
            return error;
        }

        foreach (var card in cards)
        {
            Put(card.Id, known[card.Id] = new CachedProduct(card.Name, card.Price));
        }

        return known;
    }

    public void Put(long id, CachedProduct product) => _cache.Set(id, product, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Kept });

    public void Remove(long id) => _cache.Remove(id);

    public void Dispose() => _cache.Dispose();
}
