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

namespace Souk.Sales.Orders;

/// <summary>Which order.</summary>
internal sealed class OrderPath
{
    /// <summary>The order.</summary>
    public required Guid Id { get; set; }
}

/// <summary>Whose orders, and which page.</summary>
internal sealed class OrderQuery : PageQuery
{
    /// <summary>Only this customer's; others' need <c>sales:read</c>. Left out: the caller's own, or all with <c>sales:read</c>.</summary>
    [Text(1, 40)]
    public string? Username { get; set; }

    /// <summary>Only orders that stand so.</summary>
    public OrderStatus? Status { get; set; }
}

/// <summary>Reads one order and the history of orders.</summary>
internal static class ReadOrders
{
    public static void Map(IEndpointRouteBuilder v2)
    {
        v2.MapGet("/orders", async (Params<OrderQuery> query, Caller caller, Buyers buyers, SalesDb db, HttpContext http) =>
                (await List(query.Value, caller, buyers, db, http.RequestAborted)).Ok())
            .WithTags("orders").Allow(Access.SignedIn)
            .Describe("List orders", "The newest first: the caller's own, or with `sales:read` everybody's.")
            .Answers(200, new Page<OrderView>([OrderView.Example], null))
            .Refuses(CommonErrors.Forbidden, ShopErrors.CustomerNotFound, CommonErrors.DependencyUnavailable);
        v2.MapGet("/orders/{id}", async (Params<OrderPath> at, Caller caller, SalesDb db, HttpContext http) => (await One(at.Value.Id, caller, db, http.RequestAborted)).Ok())
            .WithTags("orders").Allow(Access.SignedIn)
            .Describe("Read an order", "The caller's own, or with `sales:read` anybody's.")
            .Answers(200, OrderView.Example).Refuses(SalesErrors.OrderNotFound);
    }

    private static async Task<Result<OrderView>> One(Guid id, Caller caller, SalesDb db, CancellationToken stop)
    {
        var order = await db.Orders.AsNoTracking().Include(o => o.Lines).SingleOrDefaultAsync(o => o.Id == id, stop);
        return order is not null && (order.CustomerId == caller.Id || caller.Can(Permissions.SalesRead)) ? OrderView.Of(order) : SalesErrors.NoOrder(id);
    }

    private static async Task<Result<Page<OrderView>>> List(OrderQuery query, Caller caller, Buyers buyers, SalesDb db, CancellationToken stop)
    {
        if (Paging.Read<Key>(query.After).Refused(out var wrong, out var after))
        {
            return wrong;
        }

        if ((await Whose(query.Username, caller, buyers)).Refused(out var refused, out var customer))
        {
            return refused;
        }

        var orders = db.Orders.AsNoTracking().Include(o => o.Lines).AsQueryable();
        orders = customer is { } id ? orders.Where(o => o.CustomerId == id) : orders;
        orders = query.Status is { } status ? orders.Where(o => o.Status == status) : orders;
        orders = after is null ? orders : orders.Where(o => o.PlacedAt <= after.At && (o.PlacedAt != after.At || o.Id.CompareTo(after.Id) < 0));
        var rows = await orders.OrderByDescending(o => o.PlacedAt).ThenByDescending(o => o.Id).Take(query.Limit + 1).ToListAsync(stop);
        return Paging.Of(rows, query.Limit, OrderView.Of, o => new Key(o.PlacedAt, o.Id));
    }

    /// <summary>The customer whose orders are asked for; null for everybody's.</summary>
    private static async Task<Result<Guid?>> Whose(string? username, Caller caller, Buyers buyers)
    {
        if (!caller.Can(Permissions.SalesRead))
        {
            return username is null || username == caller.Username ? caller.Id : Access.Forbidden(Permissions.SalesRead);
        }

        return username is null ? (Guid?)null : (await buyers.Of(username, caller)).Map<Guid?>(c => c.Id);
    }

    private sealed record Key(DateTime At, Guid Id);
}
