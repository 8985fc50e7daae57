using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Platform.Values;

namespace Souk.Sales.Orders;

/// <summary>An order to be placed.</summary>
internal sealed class NewOrder
{
    /// <summary>What is wanted; all lines are bought or none.</summary>
    [Count(1, Order.LinesMost)]
    public required IReadOnlyList<NewLine> Lines { get; set; }

    /// <summary>The total that the buyer was shown; the order is refused when prices have changed. Left out: any price.</summary>
    public Money? ExpectedTotal { get; set; }

    /// <summary>Whom the order is for, when it is not the caller; needs <c>sales:write</c>.</summary>
    [Text(1, 40)]
    public string? Username { get; set; }
}

/// <summary>So many of one product.</summary>
internal sealed class NewLine
{
    /// <summary>The product's number.</summary>
    [Between(1, 1_000_000_000_000_000)]
    public required long ProductId { get; set; }

    /// <summary>How many.</summary>
    [Between(1, Order.QuantityMost)]
    public required int Quantity { get; set; }
}

/// <summary>Places an order: the sale itself is in <see cref="Sale"/>.</summary>
internal static class PlaceOrder
{
    /// <summary>The refusals of a sale.</summary>
    public static readonly ErrorKind[] Refusals = [ShopErrors.ProductNotFound, ShopErrors.OutOfStock, ShopErrors.InsufficientFunds, SalesErrors.PriceChanged, ShopErrors.OrderAborted, CommonErrors.StepUpRequired, CommonErrors.DependencyUnavailable];

    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPost("/orders", async (Body<NewOrder> body, IdempotencyKey key, Caller caller, Buyers buyers, Spending spending) =>
            (await Run(body.Value, key, caller, buyers, spending)).Created(o => $"/api/v2/orders/{o.Id}"))
        .WithTags("orders").Allow(Access.SignedIn).WithMetadata(Sale.Door)
        .Describe("Buy", """
            Takes the stock of all lines and the money, or nothing at all. Send an `Idempotency-Key`: after a time-out or an answer that got
            lost, the same request with the same key gives the one true answer and never buys twice. `409 order_aborted` is final for its
            key; a 503 is not.
            """)
        .Takes(new NewOrder { Lines = [new NewLine { ProductId = 12, Quantity = 2 }], ExpectedTotal = new Money(3998) })
        .Answers(201, OrderView.Example)
        .Refuses([.. Refusals, CommonErrors.Forbidden, ShopErrors.CustomerNotFound]);

    private static async Task<Result<OrderView>> Run(NewOrder wanted, IdempotencyKey key, Caller caller, Buyers buyers, Spending spending)
    {
        var username = wanted.Username ?? caller.Username;
        if (username != caller.Username && !caller.Can(Permissions.SalesWrite))
        {
            return Access.Forbidden(Permissions.SalesWrite);
        }

        var lines = wanted.Lines.Select(l => new WantedLine(l.ProductId, l.Quantity)).ToArray();
        return (await buyers.Of(username, caller)).Refused(out var unknown, out var buyer)
            ? unknown
            : await spending.Make(caller, new Wanted(buyer, caller.Id, lines, wanted.ExpectedTotal, key.Value));
    }
}
