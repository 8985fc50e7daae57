using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Customers.Accounts;
using Souk.Platform.Errors;
using Souk.Platform.Security;

namespace Souk.Customers.Roles;

/// <summary>
/// What callers may do by the account as it stands, and not only by their token: somebody who was demoted or deleted must not use
/// the last minutes of a token to undo it.
/// </summary>
internal static class Rights
{
    /// <summary>The permissions that both the caller's token and the caller's account hold.</summary>
    public static async Task<IReadOnlySet<string>> RightsOf(this IQueryable<Customer> customers, Caller caller, CancellationToken stop = default)
    {
        var held = (await customers.PermissionsOf(caller.Id, stop)).ToHashSet(StringComparer.Ordinal);
        held.IntersectWith(caller.Permissions);
        return held;
    }

    /// <summary>The permissions of a customer's role; none when there is no such customer any more.</summary>
    public static async Task<IReadOnlyList<string>> PermissionsOf(this IQueryable<Customer> customers, Guid id, CancellationToken stop = default) =>
        await customers.Where(c => c.Id == id && c.DeletedAt == null).Select(c => new { c.Role, c.Held!.Granted }).SingleOrDefaultAsync(stop) is { } role
            ? Role.PermissionsOf(role.Role, role.Granted)
            : [];

    /// <summary>Whether the caller has a permission now.</summary>
    public static async Task<bool> StillMay(this IQueryable<Customer> customers, Caller caller, string permission, CancellationToken stop = default) =>
        caller.Can(permission) && (await customers.RightsOf(caller, stop)).Contains(permission);

    /// <summary>The refusal of callers who may not deal with these permissions: they can't write roles now, or lack one of them.</summary>
    public static async Task<Error?> RefuseGiving(this IQueryable<Customer> customers, Caller caller, IEnumerable<string> permissions)
    {
        var rights = await customers.RightsOf(caller);
        return rights.Contains(Permissions.RolesWrite) ? RefuseBeyond(rights, permissions) : Access.Forbidden(Permissions.RolesWrite);
    }

    /// <summary>The refusal when something is beyond what the caller may do: nobody gives, takes or overrules more than they have.</summary>
    public static Error? RefuseBeyond(IReadOnlySet<string> rights, IEnumerable<string> permissions) =>
        permissions.FirstOrDefault(p => !rights.Contains(p)) is { } lacking
            ? CustomersErrors.BeyondOwnPermissions.With($"This needs the permission '{lacking}' too, which you don't have.")
            : null;
}
