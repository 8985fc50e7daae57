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
using Souk.Platform.Values;
using Souk.Sales.Orders;

namespace Souk.Sales.Carts;

/// <summary>How a cart is bought.</summary>
internal sealed class CheckOutTerms
{
    /// <summary>The total that the buyer was shown; refused when prices have changed. Left out: any price.</summary>
    public Money? ExpectedTotal { get; set; }
}

/// <summary>Buys a cart. The order empties it in the transaction that decides the sale, so a paid cart always has its order.</summary>
internal sealed class CheckOut(IDbContextFactory<SalesDb> contexts, Buyers buyers, Spending spending)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPost("/carts/{username}/checkout", async (Params<CartPath> at, Body<CheckOutTerms> body, IdempotencyKey key, Caller caller, CheckOut use) =>
            (await use.Run(at.Value.Username, body.Value, key, caller)).Created(o => $"/api/v2/orders/{o.Id}"))
        .WithTags("carts").Allow(Access.Self("username", Permissions.SalesWrite, ShopErrors.NoCustomer)).WithMetadata(Sale.Door)
        .Describe("Buy a cart", "Like buying its lines; what was bought leaves the cart. Send an `Idempotency-Key`.")
        .Takes(new CheckOutTerms { ExpectedTotal = new Money(3998) })
        .Answers(201, OrderView.Example)
        .Refuses([.. PlaceOrder.Refusals, ShopErrors.CustomerNotFound, SalesErrors.CartEmpty]);

    private async Task<Result<OrderView>> Run(string username, CheckOutTerms terms, IdempotencyKey key, Caller caller)
    {
        if ((await buyers.Of(username, caller)).Refused(out var unknown, out var buyer))
        {
            return unknown;
        }

        await using var db = await contexts.CreateDbContextAsync();
        var lines = await db.CartLines.AsNoTracking().Where(l => l.CustomerId == buyer.Id).OrderBy(l => l.ProductId).Select(l => new WantedLine(l.ProductId, l.Quantity)).ToArrayAsync();
        return await spending.Make(caller, new Wanted(buyer, caller.Id, lines, terms.ExpectedTotal, key.Value, FromCart: true));
    }
}
