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
internal sealed class ProductCache(Peers peers, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = 10_000 });
    private readonly Lock _gate = new();
    private long _changes;

    /// <summary>What is known of each; a product that is not sold any more is missing.</summary>
    public async Task<Result<Dictionary<long, CachedProduct>>> Of(IReadOnlyCollection<long> ids)
    {
        var known = ids.Select(id => (Id: id, Product: Find(id))).Where(x => x.Product is not null).ToDictionary(x => x.Id, x => x.Product!);
        var unknown = ids.Where(id => !known.ContainsKey(id)).ToArray();
        if (unknown.Length == 0)
        {
            return known;
        }

        var (asked, changes) = (time.GetTimestamp(), Interlocked.Read(ref _changes));
        var answer = await peers["inventory"].Get<List<ProductCard>>($"/internal/products?ids={string.Join(',', unknown)}");
        if (answer.Refused(out var error, out var cards))
        {
            return error;
        }

        foreach (var card in cards)
        {
            Keep(card.Id, known[card.Id] = new CachedProduct(card.Name, card.Price), asked, changes);
        }

        return known;
    }

    /// <summary>Forgets a product that has changed.</summary>
    public void Forget(long id)
    {
        lock (_gate)
        {
            _changes++;
            _cache.Remove(id);
        }
    }

    public void Dispose() => _cache.Dispose();

    private CachedProduct? Find(long id) => _cache.Get<Answer>(id) is { } answer && time.GetElapsedTime(answer.Asked) < Kept ? answer.Product : null;

    /// <summary>Keeps an answer unless something changed since it was asked for: it may have been read before the change.</summary>
    private void Keep(long id, CachedProduct product, long asked, long changes)
    {
        lock (_gate)
        {
            if (changes == _changes)
            {
                _cache.Set(id, new Answer(product, asked), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Kept });
            }
        }
    }

    /// <summary>What was answered, and the clock's timestamp of the question: the answer may be as old as that.</summary>
    private sealed record Answer(CachedProduct Product, long Asked);
}
