using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;

namespace Souk.Reviews.Products;

/// <summary>Tells whether a product exists. Inventory is asked the first time only; its events keep the answer right.</summary>
internal sealed class FindProduct(IDbContextFactory<ReviewsDb> contexts, GroupCommit<ReviewsDb> writer, Peers peers)
{
    public async Task<Result<Done>> Run(long id)
    {
        await using var db = await contexts.CreateDbContextAsync();
        var known = await db.Products.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id);
        return known is null ? await Ask(id) : known.Deleted ? ShopErrors.NoProduct(id) : default(Done);
    }

    private async Task<Result<Done>> Ask(long id)
    {
        var answer = await peers["inventory"].Get<List<ProductCard>>($"/internal/products?ids={id}");
        if (answer.Refused(out var error, out var cards))
        {
            return error;
        }

        return cards is [var card] ? await writer.Write(db => Note(db, card)) : ShopErrors.NoProduct(id);
    }

    /// <summary>An event that came while the answer was under way is newer than the answer.</summary>
    private static async Task<Result<Done>> Note(ReviewsDb db, ProductCard card)
    {
        var known = await db.Products.AsNoTracking().SingleOrDefaultAsync(p => p.Id == card.Id);
        if (known is null)
        {
            db.Add(new KnownProduct { Id = card.Id, Name = card.Name });
        }

        return known?.Deleted == true ? ShopErrors.NoProduct(card.Id) : default(Done);
    }
}
