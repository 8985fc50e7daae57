using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Customers.Accounts;
using Souk.Customers.Wallets;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Platform.Values;
using Souk.Platform.Webhooks;

namespace Souk.Customers.Payments;

/// <summary>Which payment of whom.</summary>
internal sealed class PaymentPath
{
    /// <summary>The customer's handle.</summary>
    [Text(1, 100)]
    public required string Username { get; set; }

    /// <summary>The payment.</summary>
    public required Guid Id { get; set; }
}

/// <summary>Starts a top-up whose money comes later, and reads how it stands.</summary>
internal sealed class StartPayment(IDbContextFactory<CustomersDb> contexts, GroupCommit<CustomersDb> writer, IncomingWebhooks events, StepUp stepUp, IdSource ids, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2)
    {
        v2.MapPost("/customers/{username}/wallet/payments", async (Params<CustomerPath> at, Body<NewMovement> body, IdempotencyKey key, Caller caller, StartPayment use) =>
                (await use.Run(caller, at.Value.Username, body.Value.Amount, key)).Created(p => $"/api/v2/customers/{at.Value.Username}/wallet/payments/{p.Id}"))
            .WithTags("payments").Allow(Access.Self("username", Permissions.WalletAdjust, ShopErrors.NoCustomer))
            .Describe("Start a payment", "A top-up that is paid later, by transfer say: the wallet is filled when the payment provider reports the money.")
            .Takes(NewMovement.Example).Answers(201, PaymentView.Example)
            .Refuses(ShopErrors.CustomerNotFound, CustomersErrors.PaymentsUnavailable, CustomersErrors.PaymentLimit, CommonErrors.StepUpRequired);
        v2.MapGet("/customers/{username}/wallet/payments/{id}", async (Params<PaymentPath> at, Caller caller, CustomersDb db, HttpContext http) => (await Read(at.Value, caller, db, http.RequestAborted)).Ok())
            .WithTags("payments").Allow(Access.Self("username", Permissions.CustomersRead, ShopErrors.NoCustomer))
            .Describe("Read a payment", "Whether the money has come.").Answers(200, PaymentView.Example).Refuses(ShopErrors.CustomerNotFound, CustomersErrors.PaymentNotFound);
    }

    private async Task<Result<PaymentView>> Run(Caller caller, string username, Money amount, IdempotencyKey key)
    {
        if (events.Key is null)
        {
            return CustomersErrors.PaymentsUnavailable.With("The shop has no payment provider that reports payments (Customers:PaymentSecret).");
        }

        var once = Once.For(Once.ScopeOf(caller.Id), key, "start-payment", username, amount);
        if (stepUp.Check(caller, amount) is { } needed)
        {
            await using var db = await contexts.CreateDbContextAsync();
            return await once.Earlier<PaymentView>(db) ?? needed;
        }

        return await writer.WriteOnce<PaymentView>(once, async db =>
        {
            if ((await db.Customers.For(caller, username, Permissions.WalletAdjust)).Refused(out var missing, out var customer))
            {
                return missing;
            }

            var now = time.GetUtcNow().UtcDateTime;
            var yesterday = now.AddDays(-1);
            if (await db.Payments.CountAsync(p => p.CustomerId == customer.Id && p.Status == PaymentStatus.Pending && p.CreatedAt > yesterday) >= Payment.OpenMost)
            {
                return CustomersErrors.PaymentLimit.With($"{Payment.OpenMost} payments are open already.");
            }

            var payment = new Payment { Id = ids.Next(), CustomerId = customer.Id, Amount = amount, CreatedAt = now };
            db.Add(payment);
            return PaymentView.Of(payment);
        });
    }

    private static async Task<Result<PaymentView>> Read(PaymentPath at, Caller caller, CustomersDb db, CancellationToken stop)
    {
        if ((await db.Customers.AsNoTracking().For(caller, at.Username, Permissions.CustomersRead, stop)).Refused(out var missing, out var customer))
        {
            return missing;
        }

        return await db.Payments.AsNoTracking().SingleOrDefaultAsync(p => p.Id == at.Id && p.CustomerId == customer.Id, stop) is { } payment
            ? PaymentView.Of(payment)
            : CustomersErrors.NoPayment(at.Id);
    }
}
