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

namespace Souk.Customers.Accounts;

/// <summary>A role to be given.</summary>
internal sealed class NewRole
{
    /// <summary>The role.</summary>
    public required Role Role { get; set; }
}

/// <summary>Gives a customer a role, which replaces the one before. Tokens that are out keep the old one until they expire.</summary>
internal sealed class SetRole(GroupCommit<CustomersDb> writer, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPut("/customers/{username}/role", async (Params<CustomerPath> at, Body<NewRole> body, Caller caller, SetRole use, HttpContext http) =>
            (await use.Run(at.Value.Username, body.Value.Role, caller)).OkWithETag(http))
        .WithTags("customers").Allow(Access.Needs(Permissions.RolesWrite))
        .Describe("Give a role", "It counts from the customer's next token on, within 15 minutes. The last admin stays one.")
        .Takes(new NewRole { Role = Role.Moderator })
        .Answers(200, CustomerView.Example with { Role = Role.Moderator, Version = 2 })
        .Refuses(ShopErrors.CustomerNotFound, CustomersErrors.LastAdmin);

    public Task<Result<CustomerView>> Run(string username, Role role, Caller caller) => writer.Write<CustomerView>(async db =>
    {
        if (!await db.Customers.StillMay(caller, Permissions.RolesWrite))
        {
            return Access.Forbidden(Permissions.RolesWrite);
        }

        var customer = await db.Customers.Named(username).SingleOrDefaultAsync();
        if (customer is null)
        {
            return ShopErrors.NoCustomer(username);
        }

        var changes = customer.Role != role;
        if (await Give(db, customer, role) is { } refused)
        {
            return refused;
        }

        if (changes)
        {
            customer.Changed(time.GetUtcNow().UtcDateTime);
        }

        return CustomerView.Of(customer);
    });

    /// <summary>Gives the role inside a write, unless it would leave the shop without an admin.</summary>
    public static async Task<Error?> Give(CustomersDb db, Customer customer, Role role)
    {
        if (role != Role.Admin && await RefuseLastAdmin(db, customer) is { } refused)
        {
            return refused;
        }

        customer.Role = role;
        return null;
    }

    /// <summary>The refusal when the customer is the only admin, or null.</summary>
    public static async Task<Error?> RefuseLastAdmin(CustomersDb db, Customer customer) =>
        customer.Role == Role.Admin && !await db.Customers.AnyAsync(c => c.Role == Role.Admin && c.DeletedAt == null && c.Id != customer.Id)
            ? CustomersErrors.LastAdmin.With($"'{customer.Username}' is the only admin; make somebody else one first.")
            : null;
}
