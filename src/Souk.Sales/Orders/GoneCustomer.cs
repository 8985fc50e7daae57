using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Platform.Persistence;

namespace Souk.Sales.Orders;

/// <summary>
/// A customer who was erased. A token lives on for some minutes and a sale may be under way; what they write afterwards must not
/// bring anything personal back.
/// </summary>
internal sealed class GoneCustomer
{
    public Guid Id { get; init; }

    /// <summary>Forgets who a customer was: the orders stay, without the name; the cart and the kept answers go.</summary>
    public static async Task Forget(SalesDb db, CustomerDeleted e)
    {
        // A sale under way must not write the name back after this.
        await db.HoldBackSales();
        await db.Orders.Where(o => o.CustomerId == e.CustomerId).ExecuteUpdateAsync(s => s.SetProperty(o => o.Username, (string?)null));
        await db.CartLines.Where(l => l.CustomerId == e.CustomerId).ExecuteDeleteAsync();
        var scope = Once.ScopeOf(e.CustomerId);
        await db.KeptAnswers.Where(k => k.Scope == scope).ExecuteDeleteAsync();
        db.Add(new GoneCustomer { Id = e.CustomerId });
    }

    public static Task<bool> Is(SalesDb db, Guid customerId) => db.GoneCustomers.AnyAsync(c => c.Id == customerId);
}
