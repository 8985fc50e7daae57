using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Customers.Wallets;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Platform.Values;

namespace Souk.Customers.Accounts;

/// <summary>
/// Deletes an account: pays out what is in the wallet, erases everything personal and tells the other services, all in one step.
/// The identifier stays, because the ledger refers to it.
/// </summary>
internal sealed class DeleteCustomer(GroupCommit<CustomersDb> writer, Ledger ledger, IdSource ids, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapDelete("/customers/{username}", async (Params<CustomerPath> at, Caller caller, DeleteCustomer use) => (await use.Run(caller, at.Value.Username)).NoContent())
        .WithTags("customers").Allow(Access.Self("username", Permissions.CustomersWrite, ShopErrors.NoCustomer))
        .Describe("Delete a customer", "Pays out the wallet, erases all personal fields and frees the username. There is no way back.")
        .Answers(204).Refuses(ShopErrors.CustomerNotFound, CustomersErrors.LastAdmin);

    public Task<Result<Done>> Run(Caller caller, string username) => writer.Write<Done>(async db =>
    {
        var found = await db.Customers.For(caller, username, Permissions.CustomersWrite);
        if (found.Refused(out var missing, out var customer))
        {
            return missing;
        }

        if ((await SetRole.RefuseLastAdmin(db, customer) ?? await PayOut(db, customer.Id)) is { } refused)
        {
            return refused;
        }

        // A kept answer of the registration would keep the profile too, and the others tell what they did.
        string[] scopes = [RegisterCustomer.Scope(customer.Username), Once.ScopeOf(customer.Id)];
        await db.KeptAnswers.Where(k => scopes.Contains(k.Scope)).ExecuteDeleteAsync();
        customer.Erase(time.GetUtcNow().UtcDateTime);
        db.Publish(new CustomerDeleted(customer.Id), ids, time);
        return default(Done);
    });

    private async Task<Error?> PayOut(CustomersDb db, Guid customerId)
    {
        // Nothing comes between this read and the movement after it: both are in the transaction of the only writer.
        var rest = await db.Wallets.Where(w => w.CustomerId == customerId).Select(w => w.Balance).SingleAsync();
        if (rest > Money.Zero && (await ledger.Move(db, customerId, MovementKind.Payout, rest)).Error is { } refused)
        {
            return refused;
        }

        await db.Wallets.Where(w => w.CustomerId == customerId).ExecuteUpdateAsync(s => s.SetProperty(w => w.Closed, true));
        return null;
    }
}
