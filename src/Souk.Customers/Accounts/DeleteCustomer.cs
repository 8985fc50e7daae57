using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Customers.Factors;
using Souk.Customers.Privacy;
using Souk.Customers.Roles;
using Souk.Customers.Sessions;
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
internal sealed class DeleteCustomer(GroupCommit<CustomersDb> writer, Ledger ledger, StepUp stepUp, IdSource ids, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapDelete("/customers/{username}", async (Params<CustomerPath> at, Caller caller, DeleteCustomer use) => (await use.Run(caller, at.Value.Username)).NoContent())
        .WithTags("customers").Allow(Access.Self("username", Permissions.CustomersWrite, ShopErrors.NoCustomer))
        .Describe("Delete a customer", "Pays out the wallet, erases all personal fields and frees the username. There is no way back.")
        .Answers(204).Refuses(ShopErrors.CustomerNotFound, CustomersErrors.LastAdmin, CustomersErrors.BeyondOwnPermissions, CommonErrors.StepUpRequired);

    /// <summary>Erases it.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="username">The customer.</param>
    /// <param name="staysSignedIn">Whether the caller's own access token lives on to its end and finds nothing, as the first contract's clients expect, and whoever asks again for the answer to an erasure.</param>
    /// <param name="receipt">By which the erasure is to be followed through the services, or null.</param>
    public Task<Result<Done>> Run(Caller caller, string username, bool staysSignedIn = false, string? receipt = null) => writer.Write<Done>(async db =>
    {
        var found = await db.Customers.For(caller, username, Permissions.CustomersWrite);
        if (found.Refused(out var missing, out var customer))
        {
            return missing;
        }

        if (stepUp.Check(caller, customer.Id == caller.Id && customer.SecondFactor) is { } needed)
        {
            return needed;
        }

        if ((await SetRole.RefuseLastAdmin(db, customer) ?? await PayOut(db, customer.Id)) is { } refused)
        {
            return refused;
        }

        // A kept answer of the registration would keep the profile too, and the others tell what they did.
        string[] scopes = [RegisterCustomer.Scope(customer.Username), Once.ScopeOf(customer.Id)];
        await db.KeptAnswers.Where(k => scopes.Contains(k.Scope)).ExecuteDeleteAsync();
        await db.Exports.Where(e => e.CustomerId == customer.Id).ExecuteDeleteAsync();
        var now = time.GetUtcNow().UtcDateTime;
        await EndSessions.Of(db, customer.Id, now, but: staysSignedIn ? caller.SessionId : null);
        await db.Sessions.Where(s => s.CustomerId == customer.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.Address, "").SetProperty(x => x.Agent, ""));
        await db.PasswordResets.Where(r => r.CustomerId == customer.Id).ExecuteDeleteAsync();
        await db.RemoveFactors(customer);
        customer.Erase(now);
        var told = db.Publish(new CustomerDeleted(customer.Id), ids, time);
        if (receipt is not null)
        {
            await db.SaveChangesAsync();
            db.Add(new Erasure { Id = customer.Id, ReceiptDigest = Erasure.DigestOf(receipt), EventId = told.Id, StartedAt = told.At });
        }

        return default(Done);
    });

    private async Task<Error?> PayOut(CustomersDb db, Guid customerId)
    {
        // No sale may take from the wallet between the reading of its balance and the end of this.
        await db.HoldBackSales();
        var wallet = db.Wallets.Where(w => w.CustomerId == customerId);
        await wallet.ExecuteUpdateAsync(s => s.SetProperty(w => w.Closed, true));
        var rest = await wallet.Select(w => w.Balance).SingleAsync();
        return rest > Money.Zero ? (await ledger.Move(db, customerId, MovementKind.Payout, rest)).Error : null;
    }
}
