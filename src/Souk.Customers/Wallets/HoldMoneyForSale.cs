using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Holds;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;

namespace Souk.Customers.Wallets;

/// <summary>
/// Customers' part in a sale: takes the money out of the wallet, and remembers it under the sale's id, so that a repeated request
/// gets the same answer.
/// </summary>
internal sealed partial class HoldMoneyForSale(GroupCommit<CustomersDb> writer, Ledger ledger, Lease lease, TimeProvider time, ILogger<HoldMoneyForSale> log)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapInternal<List<HoldMoney>, MoneyHeld[]>("/internal/holds", async (wanted, http) =>
            await Task.WhenAll(wanted.Select(http.RequestServices.GetRequiredService<HoldMoneyForSale>().Run)));

    public async Task<MoneyHeld> Run(HoldMoney wanted)
    {
        try
        {
            return new MoneyHeld(ErrorMessage.Of((await writer.Write(db => Hold(db, wanted))).Error));
        }
        catch (Exception e)
        {
            // The others of its batch get their own answers.
            LogNotHeld(e, wanted.SaleId);
            return new MoneyHeld(ErrorMessage.Of(CommonErrors.DependencyUnavailable.With("It could not be held.")));
        }
    }

    /// <summary>Gives back what a hold took. A customer who is gone by then gets it paid out at once.</summary>
    public static async Task GiveBack(CustomersDb db, MoneyHold hold, SaleOutcome outcome, IServiceProvider services)
    {
        if (hold is not { CustomerId: { } customerId, Amount: { } amount })
        {
            return;
        }

        var ledger = services.GetRequiredService<Ledger>();
        var kind = outcome == SaleOutcome.Cancelled ? MovementKind.Refund : MovementKind.Reversal;
        _ = (await ledger.Move(db, customerId, kind, amount, hold.SaleId)).Value;
        if (await db.Customers.AnyAsync(c => c.Id == customerId && c.DeletedAt != null))
        {
            _ = (await ledger.Move(db, customerId, MovementKind.Payout, amount, hold.SaleId)).Value;
        }
    }

    private async Task<Result<Done>> Hold(CustomersDb db, HoldMoney wanted)
    {
        var earlier = await db.Holds.AsNoTracking().SingleOrDefaultAsync(h => h.SaleId == wanted.SaleId);
        if (earlier is not null)
        {
            return Again(earlier, wanted);
        }

        if (!await db.Customers.AnyAsync(c => c.Id == wanted.CustomerId && c.DeletedAt == null))
        {
            return ShopErrors.CustomerNotFound.With("There is no such customer.");
        }

        if ((await ledger.Move(db, wanted.CustomerId, MovementKind.Purchase, wanted.Amount, wanted.SaleId)).Error is { } refused)
        {
            return refused;
        }

        Keep(db, wanted);
        return default(Done);
    }

    private static Result<Done> Again(MoneyHold earlier, HoldMoney wanted) =>
        earlier.State == HoldState.Voided ? ShopErrors.OrderAborted.With("This sale was given up before its money was held.")
        : earlier.Fingerprint != wanted.Fingerprint ? CommonErrors.IdempotencyKeyReused.With("The key was used for an order with other contents.")
        : default(Done);

    private void Keep(CustomersDb db, HoldMoney wanted)
    {
        var now = time.GetUtcNow();
        db.Add(new MoneyHold
        {
            SaleId = wanted.SaleId,
            Fingerprint = wanted.Fingerprint,
            At = now.UtcDateTime,
            AskFrom = (now + lease.Time).UtcDateTime,
            CustomerId = wanted.CustomerId,
            Amount = wanted.Amount,
        });
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The money of sale {SaleId} could not be held")]
    private partial void LogNotHeld(Exception e, Guid saleId);
}
