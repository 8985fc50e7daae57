using Microsoft.EntityFrameworkCore;
using Souk.Platform.Persistence;
using Souk.Platform.Privacy;
using Souk.Sales.Orders;

namespace Souk.Sales.Privacy;

/// <summary>What Sales stores about a customer: orders and the cart.</summary>
internal static class PersonalSales
{
    private const int AtOnce = PersonalData<SalesDb>.AtOnce;

    public static readonly PersonalSection<SalesDb>[] Sections = [new("orders", Orders), new("cart", Cart)];

    private static async Task<Page<object>> Orders(SalesDb db, Guid customer, string? next)
    {
        var after = Paging.Read<OrderKey>(next).Value;
        var orders = db.Orders.AsNoTracking().Include(o => o.Lines).Where(o => o.CustomerId == customer);
        orders = after is null ? orders : orders.Where(o => o.PlacedAt >= after.At && (o.PlacedAt != after.At || o.Id.CompareTo(after.Id) > 0));
        var rows = await orders.OrderBy(o => o.PlacedAt).ThenBy(o => o.Id).Take(AtOnce + 1).ToListAsync();
        return Paging.Of(rows, AtOnce, object (o) => OrderView.Of(o), o => new OrderKey(o.PlacedAt, o.Id));
    }

    /// <summary>A cart has a hundred lines at most: one page.</summary>
    private static async Task<Page<object>> Cart(SalesDb db, Guid customer, string? next) =>
        new(await db.CartLines.AsNoTracking().Where(l => l.CustomerId == customer).OrderBy(l => l.ProductId).Select(l => new Line(l.ProductId, l.Quantity, l.AddedAt)).ToArrayAsync(), null);

    private sealed record OrderKey(DateTime At, Guid Id);

    private sealed record Line(long ProductId, int Quantity, DateTime AddedAt);
}
