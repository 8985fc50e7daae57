using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Sales.Orders;

namespace Souk.Sales.Carts;

/// <summary>Whose cart.</summary>
internal class CartPath
{
    /// <summary>The customer's handle.</summary>
    [Text(1, 40)]
    public required string Username { get; set; }
}

/// <summary>Which line of whose cart.</summary>
internal sealed class CartLinePath : CartPath
{
    /// <summary>The product's number.</summary>
    public required long ProductId { get; set; }
}

/// <summary>How many of a product to have in the cart.</summary>
internal sealed class CartQuantity
{
    /// <summary>How many.</summary>
    [Between(1, Order.QuantityMost)]
    public required int Quantity { get; set; }
}

/// <summary>Reads and edits a cart.</summary>
internal sealed class EditCart(IDbContextFactory<SalesDb> contexts, GroupCommit<SalesDb> writer, ProductCache products, Buyers buyers, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2)
    {
        v2.MapGet("/carts/{username}", async (Params<CartPath> at, Caller caller, EditCart use) => (await use.Read(at.Value.Username, caller)).Ok())
            .WithTags("carts").Allow(Access.Self("username", Permissions.SalesRead, ShopErrors.NoCustomer))
            .Describe("Read a cart", "With the prices of this moment. A cart holds no stock.")
            .Answers(200, CartView.Example).Refuses(ShopErrors.CustomerNotFound, CommonErrors.DependencyUnavailable);
        v2.MapPut("/carts/{username}/lines/{product_id}", async (Params<CartLinePath> at, Body<CartQuantity> body, Caller caller, EditCart use) =>
                (await use.Put(at.Value, body.Value.Quantity, caller)).Ok())
            .WithTags("carts").Allow(Access.Self("username", Permissions.SalesWrite, ShopErrors.NoCustomer))
            .Describe("Put a product into a cart", "Sets how many; a cart takes 100 lines.")
            .Takes(new CartQuantity { Quantity = 2 }).Answers(200, CartView.Example)
            .Refuses(ShopErrors.CustomerNotFound, ShopErrors.ProductNotFound, SalesErrors.CartFull, CommonErrors.DependencyUnavailable);
        v2.MapDelete("/carts/{username}/lines/{product_id}", async (Params<CartLinePath> at, Caller caller, EditCart use) => (await use.Remove(at.Value, caller)).NoContent())
            .WithTags("carts").Allow(Access.Self("username", Permissions.SalesWrite, ShopErrors.NoCustomer))
            .Describe("Take a product out of a cart", "The line goes, however many it had.")
            .Answers(204).Refuses(ShopErrors.CustomerNotFound, SalesErrors.CartLineNotFound, CommonErrors.DependencyUnavailable);
    }

    private async Task<Result<CartView>> Read(string username, Caller caller)
    {
        if ((await buyers.Of(username, caller)).Refused(out var unknown, out var buyer))
        {
            return unknown;
        }

        await using var db = await contexts.CreateDbContextAsync();
        var lines = await db.CartLines.AsNoTracking().Where(l => l.CustomerId == buyer.Id).ToListAsync();
        return (await products.Of([.. lines.Select(l => l.ProductId)])).Map(known => CartView.Of(buyer.Username, lines, known));
    }

    private async Task<Result<CartView>> Put(CartLinePath at, int quantity, Caller caller)
    {
        if ((await buyers.Of(at.Username, caller)).Refused(out var unknown, out var buyer))
        {
            return unknown;
        }

        if ((await products.Of([at.ProductId])).Refused(out var silent, out var known))
        {
            return silent;
        }

        if (!known.ContainsKey(at.ProductId))
        {
            return ShopErrors.NoProduct(at.ProductId);
        }

        var put = await writer.Write(db => Put(db, buyer.Id, at.ProductId, quantity));
        return put.Error is { } error ? error : await Read(at.Username, caller);
    }

    private async Task<Result<Done>> Put(SalesDb db, Guid customer, long product, int quantity)
    {
        var cart = db.CartLines.Where(l => l.CustomerId == customer);
        if (await cart.Where(l => l.ProductId == product).ExecuteUpdateAsync(s => s.SetProperty(l => l.Quantity, quantity)) == 1)
        {
            return default(Done);
        }

        if (await GoneCustomer.Is(db, customer))
        {
            return ShopErrors.CustomerNotFound.With("There is no such customer.");
        }

        if (await cart.CountAsync() >= Order.LinesMost)
        {
            return SalesErrors.CartFull.With($"A cart takes {Order.LinesMost} lines.");
        }

        db.Add(new CartLine { CustomerId = customer, ProductId = product, Quantity = quantity, AddedAt = time.GetUtcNow().UtcDateTime });
        return default(Done);
    }

    private async Task<Result<Done>> Remove(CartLinePath at, Caller caller) =>
        (await buyers.Of(at.Username, caller)).Refused(out var unknown, out var buyer) ? unknown : await writer.Write<Done>(async db =>
            await db.CartLines.Where(l => l.CustomerId == buyer.Id && l.ProductId == at.ProductId).ExecuteDeleteAsync() == 1
                ? default(Done)
                : SalesErrors.CartLineNotFound.With($"Product {at.ProductId} is not in the cart."));
}
