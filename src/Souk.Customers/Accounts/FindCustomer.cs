using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
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
    /// identifiers, because a handle can pass to somebody else while a token of the one before is still valid.
    /// </summary>
    public static async Task<Result<Customer>> For(this IQueryable<Customer> customers, Caller caller, string username, string permission, CancellationToken stop = default) =>
        await customers.Named(username).SingleOrDefaultAsync(stop) is { } customer && (customer.Id == caller.Id || await customers.StillMay(caller, permission, stop))
            ? customer
            : ShopErrors.NoCustomer(username);

    /// <summary>
    /// Whether the caller has a permission by the account as it stands, and not only by the token: somebody who was demoted or
    /// deleted must not use the last minutes of a token to undo it.
    /// </summary>
    public static async Task<bool> StillMay(this IQueryable<Customer> customers, Caller caller, string permission, CancellationToken stop = default) =>
        caller.Can(permission)
        && await customers.Where(c => c.Id == caller.Id && c.DeletedAt == null).Select(c => (Role?)c.Role).SingleOrDefaultAsync(stop) is { } role
        && Roles.PermissionsOf(role).Contains(permission);
}
