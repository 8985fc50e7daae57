using System.Globalization;
using System.Runtime.CompilerServices;
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

namespace Souk.Sales.V1;

/// <summary>The first contract's purchases: one unit of one good, the same sale underneath.</summary>
internal static class Purchases
{
    private const int Piece = 1000;

    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapPost("/purchase/{customer_username}/{good_id}", async (Params<PurchasePath> at, IdempotencyKey key, Caller caller, Buyers buyers, Spending spending) =>
                await Buy(at.Value, key, caller, buyers, spending))
            .WithTags("v1").Allow(Self).InV1(Words).WithMetadata(Sale.Door)
            .Describe("Buy one unit", "Takes the price from the customer's wallet and one unit from stock, or neither.")
            .Answers(200, new Message("Purchase successful")).Answers(400, new Detail("Amount not enough"));
        v1.MapPost("/purchase/{customer_username}/by-name/{good_name}", async (Params<NamedPurchasePath> at, IdempotencyKey key, Caller caller, Buyers buyers, Spending spending, Sale sale, Peers peers) =>
                await BuyByName(at.Value, key, caller, buyers, spending, sale, peers))
            .WithTags("v1").Allow(Self).InV1(Words).WithMetadata(Sale.Door)
            .Describe("Buy one unit by name", "As by number; of several goods with one name the oldest that can be bought.")
            .Answers(200, new Message("Purchase successful")).Answers(400, new Detail("Stock already zero"));
        v1.MapGet("/get", (SalesDb db) => Results.Ok(Of(db.OrderLines)))
            .WithTags("v1").Allow(Access.Needs(Permissions.SalesRead))
            .Describe("Read all purchases", "Everybody's, one record an order line; cancelled orders are left out.")
            .Answers(200, new[] { Purchase.Example });
        v1.MapGet("/customer/{customer_username}", async (Params<CustomerPath> at, Caller caller, Buyers buyers, SalesDb db) =>
                (await buyers.Of(at.Value.CustomerUsername, caller)).Refused(out var unknown, out var buyer)
                    ? new Refusal(unknown)
                    : Results.Ok(Of(db.OrderLines.Where(l => db.Orders.Any(o => o.Id == l.OrderId && o.CustomerId == buyer.Id)))))
            .WithTags("v1").Allow(Access.Self("customer_username", Permissions.SalesRead, ShopErrors.NoCustomer)).InV1(Words)
            .Describe("Read a customer's purchases", "One record an order line; cancelled orders are left out.")
            .Answers(200, new[] { Purchase.Example }).Answers(400, new Detail("Customer 'johndoe' not found in the database"));
    }

    private static Access Self { get; } = Access.Self("customer_username", Permissions.SalesWrite, ShopErrors.NoCustomer);

    private static async Task<IResult> Buy(PurchasePath at, IdempotencyKey key, Caller caller, Buyers buyers, Spending spending)
    {
        if ((await buyers.Of(at.CustomerUsername, caller)).Refused(out var unknown, out var buyer))
        {
            return new Refusal(unknown);
        }

        var sold = await spending.Make(caller, new Wanted(buyer, caller.Id, [new WantedLine(at.GoodId, 1)], null, key.Value));
        return Said(sold, at.CustomerUsername, string.Create(CultureInfo.InvariantCulture, $"Good with ID '{at.GoodId}' not found"));
    }

    private static async Task<IResult> BuyByName(NamedPurchasePath at, IdempotencyKey key, Caller caller, Buyers buyers, Spending spending, Sale sale, Peers peers)
    {
        if ((await buyers.Of(at.CustomerUsername, caller)).Refused(out var unknown, out var buyer))
        {
            return new Refusal(unknown);
        }

        // A repetition is answered before the name is looked up, which may mean another good by now, or none.
        var wanted = new Wanted(buyer, caller.Id, [], null, key.Value, Named: at.GoodName);
        var sold = await sale.Earlier(wanted)
            ?? ((await peers["inventory"].Get<ProductCard>($"/internal/products/by-name?name={Uri.EscapeDataString(at.GoodName)}")).Refused(out var none, out var good)
                ? key.Value is not null && none.Kind.Code == ShopErrors.ProductNotFound.Code ? await sale.Refuse(wanted, none) : none
                : await spending.Make(caller, wanted with { Lines = [new WantedLine(good.Id, 1)] }));
        return Said(sold, at.CustomerUsername, $"Good with name '{at.GoodName}' not found");
    }

    private static IResult Said(Result<OrderView> sold, string username, string noGood) => sold.Error?.Kind.Code switch
    {
        "product_not_found" => new Refusal(ShopErrors.ProductNotFound.With(noGood)),
        "customer_not_found" => new Refusal(ShopErrors.NoCustomer(username)),
        _ => sold.Map(_ => new Message("Purchase successful")).Ok(),
    };

    /// <summary>
    /// The contract answers all of it at once. It is streamed, so that a long history costs little memory, and read in pieces, so that
    /// whoever takes it slowly has no connection to the database meanwhile.
    /// </summary>
    /// <param name="lines">What was sold.</param>
    /// <param name="most">How many lines a piece has.</param>
    /// <param name="stop">Ends it.</param>
    internal static async IAsyncEnumerable<Purchase> Of(IQueryable<OrderLine> lines, int most = Piece, [EnumeratorCancellation] CancellationToken stop = default)
    {
        var sold = lines.AsNoTracking().Where(l => l.Order!.Status == OrderStatus.Confirmed).OrderBy(l => l.Id);
        var all = await sold.Select(l => l.Id).ToListAsync(stop);
        foreach (var ids in all.Chunk(most))
        {
            var piece = sold.Where(l => ids.Contains(l.Id)).Select(l => new Purchase(l.Id, l.ProductId, l.Order!.Username ?? "", l.Total, ToTheSecond(l.Order.PlacedAt)));
            foreach (var purchase in await piece.ToListAsync(stop))
            {
                yield return purchase;
            }
        }
    }

    /// <summary>The contract's times have no fraction, and its clients may parse them so.</summary>
    private static DateTime ToTheSecond(DateTime time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);

    private static (int Status, object Body)? Words(Error error) => error.Kind.Code switch
    {
        "product_not_found" => (400, new Detail(error.Detail)),
        "customer_not_found" => (400, new Detail($"Customer '{Quoted(error.Detail)}' not found in the database")),
        "insufficient_funds" => (400, new Detail("Amount not enough")),
        "out_of_stock" => (400, new Detail("Stock already zero")),
        _ => null,
    };

    private static string Quoted(string detail) => detail.Split('\'') is [_, var quoted, ..] ? quoted : "";
}

/// <summary>Who buys which good.</summary>
internal sealed class PurchasePath
{
    /// <summary>The customer's username.</summary>
    [Text(1, 40)]
    public required string CustomerUsername { get; set; }

    /// <summary>The good's number.</summary>
    public required long GoodId { get; set; }
}

/// <summary>Who buys which good, by its name.</summary>
internal sealed class NamedPurchasePath
{
    /// <summary>The customer's username.</summary>
    [Text(1, 40)]
    public required string CustomerUsername { get; set; }

    /// <summary>The good's name.</summary>
    [Text(1, 100)]
    public required string GoodName { get; set; }
}

/// <summary>Whose purchases.</summary>
internal sealed class CustomerPath
{
    /// <summary>The customer's username.</summary>
    [Text(1, 40)]
    public required string CustomerUsername { get; set; }
}

/// <summary>A purchase as the first contract shows it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="GoodId">The good.</param>
/// <param name="CustomerId">The customer's username; empty once the customer is erased.</param>
/// <param name="AmountDeducted">What it cost.</param>
/// <param name="Time">When (UTC).</param>
internal sealed record Purchase(
    long Id, long GoodId, string CustomerId, [property: System.Text.Json.Serialization.JsonConverter(typeof(V1MoneyJson))] Money AmountDeducted, DateTime Time)
{
    public static readonly Purchase Example = new(1, 100, "johndoe", new Money(1999), new DateTime(2026, 11, 21, 12, 34, 56, DateTimeKind.Utc));
}
