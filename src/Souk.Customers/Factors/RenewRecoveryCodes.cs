using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Security;

namespace Souk.Customers.Factors;

/// <summary>Gives new recovery codes; the old ones are worth nothing from then on.</summary>
internal sealed class RenewRecoveryCodes(FactorOwner owner, GroupCommit<CustomersDb> writer)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPost("/second-factor/recovery-codes", async (Caller caller, RenewRecoveryCodes use) => (await use.Run(caller)).Ok())
        .WithTags("second factor").Allow(Access.SignedIn)
        .Describe("Renew my recovery codes", "The old ones work no more. The new ones are told once.")
        .Answers(200, RecoveryCodes.Example).Refuses(ShopErrors.CustomerNotFound, FactorErrors.NoSecondFactor, CommonErrors.StepUpRequired);

    private Task<Result<RecoveryCodes>> Run(Caller caller) => writer.Write<RecoveryCodes>(async db =>
        (await owner.WithFactor(db, caller)).Refused(out var refused, out var customer) ? refused
            : customer.SecondFactor ? new RecoveryCodes(await db.NewRecoveryCodes(customer.Id))
            : FactorErrors.NoSecondFactor.With("Add an authenticator app or a passkey first; recovery codes come with it."));
}
