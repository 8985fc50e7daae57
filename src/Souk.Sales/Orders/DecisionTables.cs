using Microsoft.EntityFrameworkCore;
using Souk.Platform.Events;
using Souk.Platform.Holds;
using Souk.Platform.Persistence;

namespace Souk.Sales.Orders;

/// <summary>What must be known to decide a batch of sales.</summary>
/// <param name="standing">The decisions that stand.</param>
/// <param name="gone">The customers who were erased.</param>
/// <param name="carts">The lines of the carts that are bought.</param>
internal sealed class Known(Dictionary<Guid, Decision> standing, HashSet<Guid> gone, HashSet<CartPlace> carts)
{
    public Dictionary<Guid, Decision> Standing => standing;

    public HashSet<Guid> Gone => gone;

    /// <summary>The cart lines that the batch has bought.</summary>
    public List<CartPlace> Bought { get; } = [];

    /// <summary>Takes what an order buys out of its customer's cart; false when it is not there, or not so many of it: another checkout was first, or the cart was changed.</summary>
    public bool TakeFromCart(Order order)
    {
        var lines = order.Lines.ConvertAll(l => new CartPlace(order.CustomerId, l.ProductId, l.Quantity));
        if (!lines.TrueForAll(carts.Contains))
        {
            return false;
        }

        carts.ExceptWith(lines);
        Bought.AddRange(lines);
        return true;
    }
}

/// <summary>So many of a product in a customer's cart.</summary>
/// <param name="CustomerId">Whose cart.</param>
/// <param name="ProductId">The product.</param>
/// <param name="Quantity">How many.</param>
internal sealed record CartPlace(Guid CustomerId, long ProductId, int Quantity);

/// <summary>What decisions are kept in, seen from inside a transaction.</summary>
internal interface IDecisionTables
{
    /// <summary>What must be known about these sales, these buyers and the carts of those who buy theirs.</summary>
    Task<Known> Lock(IReadOnlyCollection<Guid> sales, IReadOnlyCollection<Guid> buyers, IReadOnlyCollection<Guid> carts);

    /// <summary>Keeps decisions, orders with their lines and events, and takes what was bought out of the carts.</summary>
    Task Keep(IReadOnlyList<Decision> decisions, IReadOnlyList<Order> orders, IReadOnlyList<CartPlace> bought, IReadOnlyList<OutboxEvent> events);
}

/// <summary>Reads what was decided.</summary>
internal interface IDecisionReader
{
    /// <summary>The decision of a sale, or null.</summary>
    Task<Decision?> Standing(Guid saleId);

    /// <summary>How those of these sales ended that are decided.</summary>
    Task<List<SaleEnd>> Ended(IReadOnlyCollection<Guid> sales);

    /// <summary>The order of a sale that was committed.</summary>
    Task<Order> OrderOf(Guid saleId);
}

/// <summary>The tables themselves. The path of a sale goes by these few statements on whole sets; everything else goes through the model.</summary>
internal sealed class DecisionTables(SetSql sql) : IDecisionTables
{
    private static readonly SetSelect<Guid, Decision> DecisionsOf = new("decisions", "sale_id", "sale_id, outcome, fingerprint, refusal, at", r => new Decision
    {
        SaleId = r.GetGuid(0),
        Outcome = Enum.Parse<SaleOutcome>(r.GetString(1)),
        Fingerprint = r.IsDBNull(2) ? null : r.GetString(2),
        Refusal = r.IsDBNull(3) ? null : r.GetString(3),
        At = r.GetDateTime(4),
    });

    private static readonly SetSelect<Guid, Guid> GoneOf = new("gone_customers", "id", "id", r => r.GetGuid(0));

    private static readonly SetSelect<Guid, CartPlace> CartsOf = new("cart_lines", "customer_id", "customer_id, product_id, quantity", r => new CartPlace(r.GetGuid(0), r.GetInt64(1), r.GetInt32(2)), locks: "customer_id, product_id");

    private static readonly SetInsert<Decision> NewDecisions = new SetInsert<Decision>("decisions")
        .With("sale_id", d => d.SaleId).With("outcome", d => d.Outcome == SaleOutcome.Committed ? nameof(SaleOutcome.Committed) : nameof(SaleOutcome.Aborted))
        .With("fingerprint", d => d.Fingerprint).With("refusal", d => d.Refusal).With("at", d => d.At);

    private static readonly SetInsert<Order> NewOrders = new SetInsert<Order>("orders")
        .With("id", o => o.Id).With("customer_id", o => o.CustomerId).With("username", o => o.Username).With("status", _ => nameof(OrderStatus.Confirmed)).With("total", o => o.Total.Minor).With("placed_at", o => o.PlacedAt);

    private static readonly SetInsert<OrderLine> NewLines = new SetInsert<OrderLine>("order_lines")
        .With("order_id", l => l.OrderId).With("product_id", l => l.ProductId).With("product_name", l => l.ProductName).With("quantity", l => l.Quantity).With("unit_price", l => l.UnitPrice.Minor).With("total", l => l.Total.Minor);

    private static readonly SetChange<CartPlace> Remove = new SetChange<CartPlace>("DELETE FROM cart_lines", "cart_lines.customer_id = @customer AND cart_lines.product_id = @product")
        .With("customer", p => p.CustomerId).With("product", p => p.ProductId);

    public async Task<Known> Lock(IReadOnlyCollection<Guid> sales, IReadOnlyCollection<Guid> buyers, IReadOnlyCollection<Guid> carts)
    {
        var (standing, gone, places) = (sql.Ask(DecisionsOf, sales), sql.Ask(GoneOf, buyers), sql.Ask(CartsOf, carts));
        await sql.Run();
        return new Known(standing.ToDictionary(d => d.SaleId), [.. gone], [.. places]);
    }

    public Task Keep(IReadOnlyList<Decision> decisions, IReadOnlyList<Order> orders, IReadOnlyList<CartPlace> bought, IReadOnlyList<OutboxEvent> events)
    {
        sql.Do(NewDecisions, decisions);
        sql.Do(NewOrders, orders);
        sql.Do(NewLines, [.. orders.SelectMany(o => o.Lines)]);
        sql.Do(Remove, bought);
        sql.Do(OutboxEvent.Insert, events);
        return Task.CompletedTask;
    }
}

/// <summary>Reads decisions and orders through the model.</summary>
internal sealed class DecisionReader(IDbContextFactory<SalesDb> contexts) : IDecisionReader
{
    public async Task<Decision?> Standing(Guid saleId)
    {
        await using var db = await contexts.CreateDbContextAsync();
        return await db.Decisions.AsNoTracking().SingleOrDefaultAsync(d => d.SaleId == saleId);
    }

    public async Task<List<SaleEnd>> Ended(IReadOnlyCollection<Guid> sales)
    {
        await using var db = await contexts.CreateDbContextAsync();
        return await db.Decisions.Where(d => sales.Contains(d.SaleId)).Select(d => new SaleEnd(d.SaleId, d.Outcome)).ToListAsync();
    }

    public async Task<Order> OrderOf(Guid saleId)
    {
        await using var db = await contexts.CreateDbContextAsync();
        return await db.Orders.AsNoTracking().Include(o => o.Lines).SingleAsync(o => o.Id == saleId);
    }
}
