using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Souk.Contracts;
using Souk.Customers.Roles;
using Souk.Customers.Sessions;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.Accounts;

/// <summary>Whether an account may be used.</summary>
internal sealed class NewStatus
{
    /// <summary>True closes it to its owner; false opens it again.</summary>
    public required bool Disabled { get; set; }
}

/// <summary>Disables an account and opens it again. Nothing of it is lost; its owner can't sign in meanwhile.</summary>
internal sealed class DisableCustomer(GroupCommit<CustomersDb> writer, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPut("/customers/{username}/status", async (Params<CustomerPath> at, Body<NewStatus> body, Caller caller, DisableCustomer use, HttpContext http) =>
            (await use.Run(at.Value.Username, body.Value.Disabled, caller)).OkWithETag(http))
        .WithTags("customers").Allow(Access.Needs(Permissions.CustomersWrite))
        .Describe("Disable a customer", "Ends all sessions of an account and lets nobody sign in to it until it is enabled again. The last admin can't be disabled.")
        .Takes(new NewStatus { Disabled = true })
        .Answers(200, CustomerView.Example with { Disabled = true, Version = 2 })
        .Refuses(ShopErrors.CustomerNotFound, CustomersErrors.LastAdmin);

    private Task<Result<CustomerView>> Run(string username, bool disabled, Caller caller) => writer.Write<CustomerView>(async db =>
    {
        if ((await db.Customers.For(caller, username, Permissions.CustomersWrite)).Refused(out var missing, out var customer))
        {
            return missing;
        }

        if (disabled && await SetRole.RefuseLastAdmin(db, customer) is { } refused)
        {
            return refused;
        }

        if (disabled != customer.DisabledAt is not null)
        {
            var now = time.GetUtcNow().UtcDateTime;
            customer.DisabledAt = disabled ? now : null;
            customer.Changed(now);
            await EndSessions.Of(db, customer.Id, now);
        }

        return CustomerView.Of(customer);
    });
}
