using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Customers.Roles;
using Souk.Platform.Errors;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.Accounts;

/// <summary>Which customer.</summary>
internal sealed class CustomerPath
{
    /// <summary>The customer's handle.</summary>
    [Text(1, 100)]
    public required string Username { get; set; }
}

/// <summary>Finds customers by their handle. Deleted ones have none, so they are never found.</summary>
internal static class FindCustomer
{
    /// <summary>Whoever has exactly this handle.</summary>
    public static IQueryable<Customer> Named(this IQueryable<Customer> customers, string username)
    {
        var key = Customer.KeyOf(username);
        return customers.Where(c => c.UsernameKey == key && c.Username == username);
    }

    /// <summary>
    /// The customer, for themself and for callers with a permission. The gate has compared the handles already; this compares the
    /// identifiers, because a handle can pass to somebody else while a token of the one before is still valid. Whoever may write
    /// customers may not write those who may do more: a new password for an admin would make an admin of them.
    /// </summary>
    public static async Task<Result<Customer>> For(this IQueryable<Customer> customers, Caller caller, string username, string permission, CancellationToken stop = default)
    {
        var customer = await customers.Named(username).SingleOrDefaultAsync(stop);
        if (customer?.Id == caller.Id)
        {
            return customer;
        }

        var rights = await customers.RightsOf(caller, stop);
        if (customer is null || !rights.Contains(permission))
        {
            return ShopErrors.NoCustomer(username);
        }

        return permission == Permissions.CustomersWrite && Rights.RefuseBeyond(rights, await customers.PermissionsOf(customer.Id, stop)) is { } beyond ? beyond : customer;
    }
}
