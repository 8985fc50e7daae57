using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Events;
using Souk.Platform.Holds;
using Souk.Platform.Persistence;
using Souk.Platform.Values;

namespace Souk.Sales.Orders;

/// <summary>
/// The outcome of a sale. The row is the commit point: it is inserted once, never changed, and whoever comes later reads what
/// stands there.
/// </summary>
internal sealed class Decision
{
    public Guid SaleId { get; init; }

    /// <summary>Committed or aborted.</summary>
    public SaleOutcome Outcome { get; init; }

    /// <summary>What the sale was for; null when a participant's question aborted it before it was decided.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Why it was aborted, as JSON; null when it was committed or given up.</summary>
    public string? Refusal { get; init; }

    public DateTime At { get; init; }
}

/// <summary>Writes decisions; nothing else does.</summary>
internal sealed class Decisions(GroupCommit<SalesDb> writer, IdSource ids, TimeProvider time)
{
    /// <summary>Commits a sale unless it is decided already; the decision, the order and its event are one transaction.</summary>
    /// <param name="saleId">The sale.</param>
    /// <param name="fingerprint">What it is for.</param>
    /// <param name="make">Makes the order; called afresh when the transaction has to be repeated.</param>
    /// <param name="emptiesCart">Whether what was bought leaves the buyer's cart.</param>
    public Task<Result<Decision>> Commit(Guid saleId, string fingerprint, Func<Order> make, bool emptiesCart) => writer.Write<Decision>(async db =>
    {
        if (await Standing(db, saleId) is { } standing)
        {
            return standing;
        }

        var order = make();
        if (emptiesCart && !await Empty(db, order))
        {
            return Add(db, saleId, SaleOutcome.Aborted, fingerprint, Json(SalesErrors.CartEmpty.With("The cart was bought or changed meanwhile.")));
        }

        if (await GoneCustomer.Is(db, order.CustomerId))
        {
            order.Username = null;
        }

        db.Add(order);
        db.Publish(new OrderPlaced(order.Id, order.CustomerId, order.Total), ids, time);
        return Add(db, saleId, SaleOutcome.Committed, fingerprint, null);
    });

    /// <summary>Aborts a sale, with the reason that its buyer is told, unless it is decided already.</summary>
    public Task<Result<Decision>> Abort(Guid saleId, string fingerprint, Error reason) => writer.Write<Decision>(async db =>
        await Standing(db, saleId) ?? Add(db, saleId, SaleOutcome.Aborted, fingerprint, Json(reason)));

    /// <summary>
    /// Answers participants whose holds have waited long. A sale without a decision is aborted by the very question: a mere
    /// look-up could say "not yet" and be overtaken by a commit.
    /// </summary>
    public Task<Result<List<SaleEnd>>> Ask(IReadOnlyList<Guid> sales) => writer.Write<List<SaleEnd>>(async db =>
    {
        var standing = await db.Decisions.AsNoTracking().Where(d => sales.Contains(d.SaleId)).ToDictionaryAsync(d => d.SaleId);
        return sales.Select(id => new SaleEnd(id, (standing.GetValueOrDefault(id) ?? Add(db, id, SaleOutcome.Aborted, null, null)).Outcome)).ToList();
    });

    public static Task<Decision?> Standing(SalesDb db, Guid saleId) => db.Decisions.AsNoTracking().SingleOrDefaultAsync(d => d.SaleId == saleId);

    /// <summary>Takes what an order buys out of its customer's cart; false when another checkout was first.</summary>
    private static async Task<bool> Empty(SalesDb db, Order order)
    {
        var bought = order.Lines.Select(l => l.ProductId).ToArray();
        var lines = db.CartLines.Where(l => l.CustomerId == order.CustomerId && bought.Contains(l.ProductId));
        return await lines.CountAsync() == bought.Length && await lines.ExecuteDeleteAsync() > 0;
    }

    private static string Json(Error reason) => JsonSerializer.Serialize(ErrorMessage.Of(reason), InternalJson.Options);

    private Decision Add(SalesDb db, Guid saleId, SaleOutcome outcome, string? fingerprint, string? refusal)
    {
        var decision = new Decision { SaleId = saleId, Outcome = outcome, Fingerprint = fingerprint, Refusal = refusal, At = time.GetUtcNow().UtcDateTime };
        db.Add(decision);
        return decision;
    }
}
