using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Customers.Wallets;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Platform.Values;
using Souk.Platform.Webhooks;

namespace Souk.Customers.Payments;

/// <summary>How a payment ended, in the provider's words.</summary>
internal enum PaymentEventType
{
    /// <summary>The money came.</summary>
    PaymentSucceeded,

    /// <summary>It did not and will not.</summary>
    PaymentFailed,
}

/// <summary>What the payment provider reports.</summary>
internal sealed class PaymentEvent
{
    public static readonly PaymentEvent Example = new() { Type = PaymentEventType.PaymentSucceeded, PaymentId = PaymentView.Example.Id, Amount = new Money(5000) };

    /// <summary>How the payment ended.</summary>
    public required PaymentEventType Type { get; set; }

    /// <summary>The payment.</summary>
    public required Guid PaymentId { get; set; }

    /// <summary>How much was paid; it must be the payment's amount.</summary>
    [Between(0, 10_000_000_000, MoreThanMin = true)]
    public required Money Amount { get; set; }
}

/// <summary>
/// Takes the payment provider's signed events. An identifier counts once: a repetition is answered like the first and does nothing. And a
/// payment ends once, whatever else is reported of it. A refused event is looked at again whenever it comes: the money is there, and a
/// wallet that was full may have room by then.
/// </summary>
internal sealed class TakePaymentEvent(GroupCommit<CustomersDb> writer, Ledger ledger, TimeProvider time)
{
    private const string Scope = "payment-events";

    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPost("/payments/events", async (SignedBody<PaymentEvent> signed, TakePaymentEvent use) => (await use.Run(signed.Id, signed.Value)).Ok())
        .WithTags("payments").Allow(Access.Anyone)
        .Describe("Report a payment", "For the payment provider: signed as Standard Webhooks has it (`webhook-id`, `webhook-timestamp`, `webhook-signature`) with `Customers:PaymentSecret`. A success fills the wallet, once; a payment that has ended is answered as it stands.")
        .Takes(PaymentEvent.Example).Answers(200, PaymentView.Example with { Status = PaymentStatus.Succeeded, EndedAt = new DateTime(2026, 11, 21, 9, 5, 0, DateTimeKind.Utc) })
        .Refuses(CommonErrors.SignatureInvalid, CommonErrors.IdempotencyKeyReused, CustomersErrors.PaymentNotFound, CustomersErrors.PaymentDiffers, CustomersErrors.WalletFull);

    private Task<Result<PaymentView>> Run(string id, PaymentEvent e) =>
        writer.WriteOnce<PaymentView>(new Once(Scope, id, Once.FingerprintOf(e.Type, e.PaymentId, e.Amount.Minor)) { KeepsRefusals = false }, async db =>
        {
            var payment = await db.Payments.AsNoTracking().SingleOrDefaultAsync(p => p.Id == e.PaymentId);
            if (payment is null)
            {
                return CustomersErrors.NoPayment(e.PaymentId);
            }

            if (payment.Amount != e.Amount)
            {
                return CustomersErrors.PaymentDiffers.With($"Payment {payment.Id} is about {payment.Amount}.");
            }

            var (now, status) = (time.GetUtcNow().UtcDateTime, e.Type == PaymentEventType.PaymentSucceeded ? PaymentStatus.Succeeded : PaymentStatus.Failed);
            var ended = await db.Payments.Where(p => p.Id == payment.Id && p.Status == PaymentStatus.Pending).ExecuteUpdateAsync(s => s.SetProperty(p => p.Status, status).SetProperty(p => p.EndedAt, now));
            if (ended == 1 && status == PaymentStatus.Succeeded && await Fill(db, payment) is { } refused)
            {
                return refused;
            }

            return PaymentView.Of(await db.Payments.AsNoTracking().SingleAsync(p => p.Id == payment.Id));
        });

    /// <summary>Puts the money into the wallet; if its customer is gone by now, it goes straight back.</summary>
    private async Task<Error?> Fill(CustomersDb db, Payment payment)
    {
        var filled = await ledger.Move(db, payment.CustomerId, MovementKind.TopUp, payment.Amount);
        return filled.Error is null && await db.Wallets.AnyAsync(w => w.CustomerId == payment.CustomerId && w.Closed)
            ? (await ledger.Move(db, payment.CustomerId, MovementKind.Payout, payment.Amount)).Error
            : filled.Error;
    }
}
