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

namespace Souk.Customers.Privacy;

/// <summary>Erases a customer and gives a receipt by which that can be followed through the services.</summary>
internal sealed class StartErasure(DeleteCustomer delete, SoukSettings settings, IDbContextFactory<CustomersDb> contexts)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPost("/customers/{username}/erasures", async (Params<CustomerPath> at, IdempotencyKey key, Caller caller, StartErasure use) =>
            (await use.Run(caller, at.Value.Username, key.Value)).Accepted(e => $"/api/v2/erasures/{e.Receipt}"))
        .WithTags("privacy").Allow(Access.Self("username", Permissions.CustomersWrite, ShopErrors.NoCustomer))
        .Describe("Erase a customer", """
            What deleting does, with a receipt. The account is gone at once, its wallet paid out; the other services erase what they store as
            soon as they hear of it, those that are down when they are back. Orders stay as figures, without a name. Follow it at its
            `Location`, which needs no token: nobody else knows the receipt. The access token that asked lives on to its own end and finds nothing, so
            that a lost answer can be had again by its `Idempotency-Key`. There is no way back.
            """)
        .Answers(202, ErasureView.Example)
        .Refuses(ShopErrors.CustomerNotFound, CustomersErrors.LastAdmin, CustomersErrors.BeyondOwnPermissions, CommonErrors.StepUpRequired);

    public async Task<Result<ErasureView>> Run(Caller caller, string username, string? key)
    {
        var receipt = Erasure.NewReceipt(settings.ServiceKey, caller.Id, username, key);
        if (await Known(receipt) is { } done)
        {
            return done;
        }

        return (await delete.Run(caller, username, staysSignedIn: true, receipt)).Refused(out var refused, out _) ? refused : (await Known(receipt))!;
    }

    private async Task<ErasureView?> Known(string receipt)
    {
        await using var db = await contexts.CreateDbContextAsync();
        return await ReadErasure.Find(db, receipt);
    }
}
