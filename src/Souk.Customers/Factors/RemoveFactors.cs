using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Customers.Accounts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.Factors;

/// <summary>Which passkey.</summary>
internal sealed class PasskeyPath
{
    /// <summary>Its identifier.</summary>
    public required Guid Id { get; set; }
}

/// <summary>
/// Takes factors away: the app, one passkey, or all of them. The owner shows a factor first. An admin may do the last for a customer who
/// has lost everything, recovery codes too.
/// </summary>
internal sealed class RemoveFactors(FactorOwner owner, GroupCommit<CustomersDb> writer, StepUp stepUp)
{
    public static void Map(IEndpointRouteBuilder v2)
    {
        v2.MapDelete("/customers/{username}/second-factor", async (Params<CustomerPath> at, Caller caller, RemoveFactors use) =>
                (await use.All(caller, at.Value.Username)).NoContent())
            .WithTags("second factor").Allow(Access.Self("username", Permissions.CustomersWrite, ShopErrors.NoCustomer))
            .Describe("Turn the second factor off", "Removes the authenticator app, all passkeys and the recovery codes. Callers with the permission help customers who have lost theirs.")
            .Answers(204).Refuses(ShopErrors.CustomerNotFound, CommonErrors.StepUpRequired);
        v2.MapDelete("/second-factor/authenticator", async (Caller caller, RemoveFactors use) => (await use.App(caller)).NoContent())
            .WithTags("second factor").Allow(Access.SignedIn)
            .Describe("Remove my authenticator app", "With the last factor the recovery codes go too.")
            .Answers(204).Refuses(ShopErrors.CustomerNotFound, CommonErrors.StepUpRequired);
        v2.MapDelete("/second-factor/passkeys/{id}", async (Params<PasskeyPath> at, Caller caller, RemoveFactors use) => (await use.Passkey(caller, at.Value.Id)).NoContent())
            .WithTags("second factor").Allow(Access.SignedIn)
            .Describe("Remove one of my passkeys", "With the last factor the recovery codes go too.")
            .Answers(204).Refuses(ShopErrors.CustomerNotFound, FactorErrors.PasskeyNotFound, CommonErrors.StepUpRequired);
    }

    private Task<Result<Done>> All(Caller caller, string username) => writer.Write<Done>(async db =>
    {
        if ((await db.Customers.For(caller, username, Permissions.CustomersWrite)).Refused(out var missing, out var customer))
        {
            return missing;
        }

        if (stepUp.Check(caller, customer.Id == caller.Id && customer.SecondFactor) is { } needed)
        {
            return needed;
        }

        await db.RemoveFactors(customer);
        return default(Done);
    });

    private Task<Result<Done>> App(Caller caller) => One(caller, async (db, customer) =>
    {
        await db.Authenticators.Where(a => a.CustomerId == customer.Id).ExecuteDeleteAsync();
        return null;
    });

    private Task<Result<Done>> Passkey(Caller caller, Guid id) => One(caller, async (db, customer) =>
        await db.Passkeys.Where(p => p.CustomerId == customer.Id && p.Id == id).ExecuteDeleteAsync() == 1 ? null : FactorErrors.PasskeyNotFound.With($"You have no passkey {id}."));

    private Task<Result<Done>> One(Caller caller, Func<CustomersDb, Customer, Task<Error?>> remove) => writer.Write<Done>(async db =>
    {
        if ((await owner.WithFactor(db, caller)).Refused(out var refused, out var customer))
        {
            return refused;
        }

        if (await remove(db, customer) is { } not)
        {
            return not;
        }

        await db.NoteFactorsLeft(customer);
        return default(Done);
    });
}
