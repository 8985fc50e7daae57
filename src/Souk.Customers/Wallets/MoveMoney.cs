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
using Souk.Platform.Values;

namespace Souk.Customers.Wallets;

/// <summary>Money to be moved.</summary>
internal sealed class NewMovement
{
    public static readonly NewMovement Example = new() { Amount = new Money(5000) };

    /// <summary>How much.</summary>
    [Between(0, 10_000_000_000, MoreThanMin = true)]
    public required Money Amount { get; set; }
}

/// <summary>Moves money into a wallet and out of it: through the payment provider, or by an admin's hand.</summary>
internal sealed class MoveMoney(IDbContextFactory<CustomersDb> contexts, GroupCommit<CustomersDb> writer, Ledger ledger, SimulatedPaymentProvider provider, StepUp stepUp)
{
    public static void Map(IEndpointRouteBuilder v2)
    {
        v2.MapPost("/customers/{username}/wallet/top-ups", (Params<CustomerPath> at, Body<NewMovement> body, IdempotencyKey key, Caller caller, MoveMoney use) =>
                Answer(use, caller, at.Value.Username, MovementKind.TopUp, body.Value.Amount, key))
            .WithTags("wallets").Allow(Access.Self("username", Permissions.WalletAdjust, ShopErrors.NoCustomer))
            .Describe("Top up a wallet", "Collects the amount by the payment provider. Send an Idempotency-Key, so that a repetition pays once.")
            .Takes(NewMovement.Example).Answers(201, Movement.Example)
            .Refuses(ShopErrors.CustomerNotFound, CustomersErrors.WalletFull, CommonErrors.StepUpRequired);
        v2.MapPost("/customers/{username}/wallet/withdrawals", (Params<CustomerPath> at, Body<NewMovement> body, IdempotencyKey key, Caller caller, MoveMoney use) =>
                Answer(use, caller, at.Value.Username, MovementKind.Withdrawal, body.Value.Amount, key))
            .WithTags("wallets").Allow(Access.Self("username", Permissions.WalletAdjust, ShopErrors.NoCustomer))
            .Describe("Withdraw from a wallet", "Pays the amount out by the payment provider. Send an Idempotency-Key, so that a repetition pays once.")
            .Takes(NewMovement.Example).Answers(201, Movement.Example with { Kind = MovementKind.Withdrawal, Balance = new Money(5000) })
            .Refuses(ShopErrors.CustomerNotFound, ShopErrors.InsufficientFunds, CommonErrors.StepUpRequired);
    }

    public async Task<Result<Movement>> Run(Caller caller, string username, MovementKind kind, Money amount, IdempotencyKey? key)
    {
        var once = Once.For(Once.ScopeOf(caller.Id), key, "move-money", username, kind, amount);
        if (stepUp.Check(caller, amount) is { } needed)
        {
            await using var db = await contexts.CreateDbContextAsync();
            return await once.Earlier<Movement>(db) ?? needed;
        }

        // Outside the writer, which waits for nobody. The provider gets the key too, so that a repetition is not paid twice there either.
        if ((await provider.Approve(kind, username, amount, key?.Value)).Error is { } declined)
        {
            return declined;
        }

        return await writer.WriteOnce(once, async db =>
            (await db.Customers.For(caller, username, Permissions.WalletAdjust)).Refused(out var missing, out var customer)
                ? missing
                : await ledger.Move(db, customer.Id, kind, amount));
    }

    private static async Task<IResult> Answer(MoveMoney use, Caller caller, string username, MovementKind kind, Money amount, IdempotencyKey key) =>
        (await use.Run(caller, username, kind, amount, key)).Created(_ => $"/api/v2/customers/{username}/wallet/entries");
}
