using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Customers.Accounts;
using Souk.Customers.Sessions;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.Roles;

/// <summary>A role to be given.</summary>
internal sealed class GivenRole
{
    /// <summary>The role's name.</summary>
    [Text(1, Roles.Role.NameMost)]
    public required string Role { get; set; }
}

/// <summary>Gives a customer a role, which replaces the one before, and ends their sessions: no token tells of the old one any more.</summary>
internal sealed class SetRole(GroupCommit<CustomersDb> writer, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPut("/customers/{username}/role", async (Params<CustomerPath> at, Body<GivenRole> body, Caller caller, SetRole use, HttpContext http) =>
            (await use.Run(at.Value.Username, body.Value.Role, caller)).OkWithETag(http))
        .WithTags("customers").Allow(Access.Needs(Permissions.RolesWrite))
        .Describe("Give a role", "It ends the customer's sessions; signed in again, they have the new one. Nobody gives or takes a role with a permission that they don't have. The last admin stays one.")
        .Takes(new GivenRole { Role = Role.Moderator })
        .Answers(200, CustomerView.Example with { Role = Role.Moderator, Version = 2 })
        .Refuses(ShopErrors.CustomerNotFound, CustomersErrors.RoleNotFound, CustomersErrors.LastAdmin, CustomersErrors.BeyondOwnPermissions);

    public Task<Result<CustomerView>> Run(string username, string role, Caller caller) => writer.Write<CustomerView>(async db =>
    {
        if (await db.Customers.RefuseGiving(caller, []) is { } stranger)
        {
            return stranger;
        }

        var customer = await db.Customers.Named(username).SingleOrDefaultAsync();
        if (customer is null)
        {
            return ShopErrors.NoCustomer(username);
        }

        var changes = customer.Role != role;
        var now = time.GetUtcNow().UtcDateTime;
        if (await Give(db, caller, customer, role, now) is { } refused)
        {
            return refused;
        }

        if (changes)
        {
            customer.Changed(now);
        }

        return CustomerView.Of(customer);
    });

    /// <summary>Gives the role inside a write, unless the caller may not or it would leave the shop without an admin.</summary>
    public static async Task<Error?> Give(CustomersDb db, Caller caller, Customer customer, string role, DateTime now)
    {
        // The role is held until the end of this write: nobody deletes it meanwhile.
        if (await db.Roles.Where(r => r.Name == role).ExecuteUpdateAsync(s => s.SetProperty(r => r.Version, r => r.Version)) == 0)
        {
            return CustomersErrors.NoRole(role);
        }

        var given = await db.Roles.AsNoTracking().SingleAsync(r => r.Name == role);
        var taken = await db.Customers.PermissionsOf(customer.Id);
        if ((await db.Customers.RefuseGiving(caller, taken.Union(given.Permissions)) ?? (role == Role.Admin ? null : await RefuseLastAdmin(db, customer))) is { } refused)
        {
            return refused;
        }

        if (customer.Role != role)
        {
            customer.Role = role;
            await EndSessions.Of(db, customer.Id, now);
        }

        return null;
    }

    /// <summary>The refusal when the customer is the only admin, or null.</summary>
    public static async Task<Error?> RefuseLastAdmin(CustomersDb db, Customer customer)
    {
        if (customer.Role != Role.Admin)
        {
            return null;
        }

        // Two admins who end each other's role at the same moment must see one another: whoever is first holds the row.
        await db.Roles.Where(r => r.Name == Role.Admin).ExecuteUpdateAsync(s => s.SetProperty(r => r.Version, r => r.Version));
        return await db.Customers.AnyAsync(c => c.Role == Role.Admin && c.DeletedAt == null && c.DisabledAt == null && c.Id != customer.Id)
            ? null
            : CustomersErrors.LastAdmin.With($"'{customer.Username}' is the only admin; make somebody else one first.");
    }
}
