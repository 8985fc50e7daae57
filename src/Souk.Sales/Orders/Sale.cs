using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Events;
using Souk.Platform.Holds;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Traffic;
using Souk.Platform.Values;

namespace Souk.Sales.Orders;

/// <summary>What a customer wants to buy.</summary>
/// <param name="Buyer">Who pays.</param>
/// <param name="By">Who asks, and whose the key is: the buyer, or staff for them.</param>
/// <param name="Lines">What is wanted.</param>
/// <param name="ExpectedTotal">What the buyer was shown, or null to take the price as it is.</param>
/// <param name="Key">The Idempotency-Key, or null.</param>
/// <param name="FromCart">Whether the lines are the buyer's cart, which the order empties.</param>
/// <param name="Named">The name by which the product was asked for, when it was not its number.</param>
/// <param name="Allowed">The one total for which no second factor was asked for, or null when any will do.</param>
internal sealed record Wanted(CustomerCard Buyer, Guid By, IReadOnlyList<WantedLine> Lines, Money? ExpectedTotal, string? Key, bool FromCart = false, string? Named = null, Money? Allowed = null)
{
    /// <summary>The same caller and key always mean the same sale, so no intent has to be stored before it starts.</summary>
    public Guid SaleId(IdSource ids) => Key is null ? ids.Next() : SaleIdOf(By, Key);

    /// <summary>
    /// The sale of a caller's key: a digest of both. If the key is a UUIDv7 (RFC 9562), the digest's first 48 bits give way to its
    /// time, so that sales of one moment lie together in every index. The other 80 are too many to meet a stranger's sale, and who makes
    /// two of his own meet by search has used a key for two orders.
    /// </summary>
    public static Guid SaleIdOf(Guid callerId, string key)
    {
        const int Time = 6;
        Span<byte> id = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. callerId.ToByteArray(bigEndian: true), .. Encoding.ASCII.GetBytes(key)], id);
        if (Guid.TryParseExact(key, "D", out var made) && made.Version == 7)
        {
            made.ToByteArray(bigEndian: true).AsSpan(0, Time).CopyTo(id);
        }

        return new Guid(id[..16], bigEndian: true);
    }

    /// <summary>
    /// What was asked for, and by whom: lines and expected total. A repeated checkout finds its cart emptied, and a name may mean another
    /// product by then, so there the lines don't count.
    /// </summary>
    public string Fingerprint() =>
        FromCart ? Once.FingerprintOf("cart", Buyer.Id, ExpectedTotal)
        : Named is not null ? Once.FingerprintOf("named", Buyer.Id, Named)
        : Once.FingerprintOf("order", Buyer.Id, Lines, ExpectedTotal);
}

/// <summary>
/// A sale, by presumed abort with one decision row: hold the stock, hold the money, decide. The order of these steps is the
/// promise: nothing is sold before both are held, no buyer hears "bought" before COMMITTED is durable or "refused" before
/// ABORTED is, and whatever dies in between is ended by the participants' own questions. <c>ARCHITECTURE.md</c> tells it at length.
/// </summary>
internal sealed class Sale(IDecisionReader reader, Participants participants, Decisions decisions, IdSource ids, TimeProvider time)
{
    private static readonly Error TooMany = CommonErrors.Busy.With("Too many sales are under way.") with { RetryAfter = Limits.BusyRetryAfter };

    private int _underWay;

    /// <summary>Of the endpoints that sell.</summary>
    public static Door Door { get; } = new(services => services.GetRequiredService<Sale>().Full);

    /// <summary>
    /// How many sales may be under way: a batch in each of the three services, and one that gathers. More would only wait longer.
    /// Each has room in the writer's queue for its decision.
    /// </summary>
    internal int Most { get; set; } = 4 * Limits.Batch;

    private Error? Full => Volatile.Read(ref _underWay) < Most ? null : TooMany;

    /// <summary>Makes the sale; the order, or why there is none.</summary>
    public Task<Result<OrderView>> Make(Wanted wanted) => Admit(() => Admitted(wanted, wanted.SaleId(ids), wanted.Fingerprint()));

    /// <summary>Refuses a sale that can't even begin. Under its key that is final, and whatever was decided before stands.</summary>
    public Task<Result<OrderView>> Refuse(Wanted wanted, Error reason) => Admit(() => Refuse(wanted.SaleId(ids), wanted.Fingerprint(), reason, []));

    /// <summary>The answer of a request that was decided earlier under its key; null when there is none.</summary>
    public async Task<Result<OrderView>?> Earlier(Wanted wanted) =>
        wanted.Key is not null && await reader.Standing(wanted.SaleId(ids)) is { } standing ? await Answer(new Decided(standing, null), wanted.Fingerprint()) : (Result<OrderView>?)null;

    private async Task<Result<OrderView>> Admit(Func<Task<Result<OrderView>>> sale)
    {
        try
        {
            return Interlocked.Increment(ref _underWay) <= Most ? await sale() : TooMany;
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private async Task<Result<OrderView>> Admitted(Wanted wanted, Guid saleId, string fingerprint)
    {
        // A repeated checkout finds another cart. A repeated order finds its holds and its decision by itself.
        if (wanted.FromCart && await Earlier(wanted) is { } earlier)
        {
            return earlier;
        }

        if (wanted.Lines.Count == 0)
        {
            // Decided like every refusal: the same checkout may be under way, and have found the cart full.
            return await Refuse(saleId, fingerprint, SalesErrors.CartEmpty.With("There is nothing in the cart."), []);
        }

        var stock = await participants.Hold(new HoldStock(saleId, fingerprint, wanted.Lines, Activity.Current?.TraceId.ToHexString()));
        if (stock.Refused(out var noStock, out var lines))
        {
            return NothingDecided(noStock) ? noStock : await Refuse(saleId, fingerprint, noStock, []);
        }

        var total = lines.Aggregate(Money.Zero, (sum, l) => sum + (l.UnitPrice * l.Quantity));
        if ((wanted.ExpectedTotal ?? wanted.Allowed) is { } expected && expected != total)
        {
            return await Refuse(saleId, fingerprint, SalesErrors.PriceChanged.With($"The total is {total}, not {expected}."), [Participants.Inventory]);
        }

        var money = await participants.Hold(new HoldMoney(saleId, fingerprint, wanted.Buyer.Id, total, Activity.Current?.TraceId.ToHexString()));
        if (money.Error is { } noMoney)
        {
            return noMoney.Kind.Code == CommonErrors.IdempotencyKeyReused.Code ? noMoney
                : noMoney.Kind.Status == 503 ? await Refuse(saleId, fingerprint, GivenUp(noMoney), Participants.Both)
                : await Refuse(saleId, fingerprint, noMoney, [Participants.Inventory]);
        }

        return await Close(await decisions.Commit(OrderOf(wanted.Buyer, saleId, lines, total), fingerprint, wanted.FromCart), fingerprint, Participants.Both);
    }

    /// <summary>A key used for two orders, or a participant that is busy or silent: the sale stays open, and may be sent again.</summary>
    private static bool NothingDecided(Error error) => error.Kind.Status == 503 || error.Kind.Code == CommonErrors.IdempotencyKeyReused.Code;

    /// <summary>The stock is held, so a wallet that does not answer ends the sale: nobody knows when it will.</summary>
    private static Error GivenUp(Error why) => ShopErrors.OrderAborted.With($"This order was given up and nothing was charged ({why.Detail}) Send it with a new Idempotency-Key.");

    private async Task<Result<OrderView>> Refuse(Guid saleId, string fingerprint, Error reason, IReadOnlyList<string> holders) =>
        await Close(await decisions.Abort(saleId, fingerprint, reason), fingerprint, holders);

    /// <summary>Ends the sale by the decision that stands, which may be another than the one that was to be written.</summary>
    private async Task<Result<OrderView>> Close(Result<Decided> closed, string fingerprint, IReadOnlyList<string> holders)
    {
        if (closed.Refused(out var undecided, out var decided))
        {
            return undecided;
        }

        if (decided.Decision.Outcome == SaleOutcome.Aborted)
        {
            await participants.End(decided.Decision.SaleId, SaleOutcome.Aborted, holders);
        }

        return await Answer(decided, fingerprint);
    }

    /// <summary>What stands in the decision row is the outcome, whoever wrote it.</summary>
    private async Task<Result<OrderView>> Answer(Decided decided, string fingerprint)
    {
        var decision = decided.Decision;
        if (decision.Fingerprint is { } other && other != fingerprint)
        {
            return CommonErrors.IdempotencyKeyReused.With("The key was used for an order with other contents; use a new one.");
        }

        if (decision.Outcome == SaleOutcome.Aborted)
        {
            return decision.Refusal is { } refusal
                ? JsonSerializer.Deserialize<ErrorMessage>(refusal, InternalJson.Options)!.ToError()
                : ShopErrors.OrderAborted.With("This order took too long, was given up, and nothing was charged. Send it with a new Idempotency-Key.");
        }

        return OrderView.Of(decided.Order ?? await reader.OrderOf(decision.SaleId));
    }

    private Order OrderOf(CustomerCard buyer, Guid saleId, IReadOnlyList<HeldLine> lines, Money total) => new()
    {
        Id = saleId,
        CustomerId = buyer.Id,
        Username = buyer.Username,
        Total = total,
        PlacedAt = Moments.Of(time),
        Lines = [.. lines.Select(l => new OrderLine { OrderId = saleId, ProductId = l.ProductId, ProductName = l.Name, Quantity = l.Quantity, UnitPrice = l.UnitPrice, Total = l.UnitPrice * l.Quantity })],
    };
}
