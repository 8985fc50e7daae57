using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Souk.Contracts;
using Souk.Customers.Wallets;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Platform.Values;

namespace Souk.Customers.V1;

/// <summary>The first contract's operations on wallets: other words for the same use cases.</summary>
internal static class Purses
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        var self = Access.Self("customer_id", Permissions.WalletAdjust, ShopErrors.NoCustomer);
        v1.MapPut("/wallet/{customer_id}/charge", async (Params<PersonPath> at, Body<PurseChange> body, IdempotencyKey key, Caller caller, MoveMoney use) =>
                (await use.Run(caller, at.Value.CustomerId, MovementKind.TopUp, body.Value.Amount, key)).Said(
                    moved => Charged(at.Value.CustomerId, body.Value.Amount, moved.Balance),
                    (CustomersErrors.WalletFull, 400, Full),
                    (ShopErrors.CustomerNotFound, 404, new Message($"Wallet for customer '{at.Value.CustomerId}' not found"))))
            .WithTags("v1").Allow(self)
            .Broken(new Failure("Internal Server Error. Please try charging again later", "Could not update the wallet balance"))
            .Describe("Charge a wallet", "Adds an amount, through the payment provider. An Idempotency-Key makes a repetition harmless.")
            .Takes(new PurseChange { Amount = new Money(5000) }).Answers(200, Charged("johndoe", new Money(5000), new Money(15000)))
            .Answers(400, Full).Answers(404, new Message("Wallet for customer 'johndoe' not found"));
        v1.MapPut("/wallet/{customer_id}/deduct", async (Params<PersonPath> at, Body<PurseChange> body, IdempotencyKey key, Caller caller, MoveMoney use) =>
                (await use.Run(caller, at.Value.CustomerId, Deduction(caller), body.Value.Amount, key)).Said(
                    moved => Deducted(at.Value.CustomerId, body.Value.Amount, moved.Balance),
                    (ShopErrors.InsufficientFunds, 400, Insufficient),
                    (ShopErrors.CustomerNotFound, 404, new Message($"Wallet or customer '{at.Value.CustomerId}' not found"))))
            .WithTags("v1").Allow(self)
            .Broken(new Failure("Internal Server Error. Please try deducting again later", "Unable to process the transaction"))
            .Describe("Deduct from a wallet", "Takes an amount, if it is there. A customer's own is a withdrawal. An Idempotency-Key makes a repetition harmless.")
            .Takes(new PurseChange { Amount = new Money(2000) }).Answers(200, Deducted("johndoe", new Money(2000), new Money(13000)))
            .Answers(400, Insufficient).Answers(404, new Message("Wallet or customer 'johndoe' not found"));
    }

    private static Message Full { get; } = new("The wallet can't hold that much");

    private static Message Insufficient { get; } = new("Insufficient funds in wallet");

    private static MovementKind Deduction(Caller caller) => caller.Can(Permissions.WalletAdjust) ? MovementKind.Deduction : MovementKind.Withdrawal;

    private static object Charged(string username, Money amount, Money balance) =>
        new { message = $"Wallet for customer '{username}' charged with {amount.ToV1()}", data = new NewBalance(balance) };

    private static object Deducted(string username, Money amount, Money balance) =>
        new { message = $"{amount.ToV1()} deducted from wallet for customer '{username}'", data = new NewBalance(balance) };
}
