using System.Text.Json;
using Souk.Contracts;
using Souk.Platform.Audit;
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

/// <summary>What somebody wants decided; it is what stands afterwards unless something stood before.</summary>
/// <param name="SaleId">The sale.</param>
/// <param name="Fingerprint">What it is for; null when a participant asks.</param>
/// <param name="Refusal">Why it is to be aborted; null when it is to be committed or a participant asks.</param>
/// <param name="Order">The order, if it is to be committed.</param>
/// <param name="EmptiesCart">Whether what was bought leaves the buyer's cart.</param>
internal sealed record Verdict(Guid SaleId, string? Fingerprint, Error? Refusal, Order? Order, bool EmptiesCart);

/// <summary>What stands.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="Order">Its order, when it was written just now.</param>
internal sealed record Decided(Decision Decision, Order? Order);

/// <summary>
/// Writes decisions; nothing else does. The decision, the order with its lines and its event are one transaction. If another
/// instance decides the same sale at the same moment, the row's key lets one of them win and the other reads what it wrote.
/// </summary>
internal sealed class Decisions
{
    private static readonly string[] What = ["sale decided"];

    private readonly GroupCommit<SalesDb> _writer;
    private readonly Func<ITransaction<SalesDb>, IDecisionTables> _tables;
    private readonly IDecisionReader _reader;
    private readonly IdSource _ids;
    private readonly TimeProvider _time;
    private readonly SetWrite<SalesDb, Verdict, Decided> _decide;

    public Decisions(GroupCommit<SalesDb> writer, Func<ITransaction<SalesDb>, IDecisionTables> tables, IDecisionReader reader, IdSource ids, TimeProvider time)
    {
        (_writer, _tables, _reader, _ids, _time) = (writer, tables, reader, ids, time);
        _decide = new(DecideAll);
    }

    /// <summary>Commits a sale unless it is decided already.</summary>
    public Task<Result<Decided>> Commit(Order order, string fingerprint, bool emptiesCart) => _writer.Write(_decide, new Verdict(order.Id, fingerprint, null, order, emptiesCart));

    /// <summary>Aborts a sale, with the reason that its buyer is told, unless it is decided already.</summary>
    public Task<Result<Decided>> Abort(Guid saleId, string fingerprint, Error reason) => _writer.Write(_decide, new Verdict(saleId, fingerprint, reason, null, false));

    /// <summary>
    /// Answers participants whose holds have waited long. What is decided never changes and is only looked up, beside the writer. A
    /// sale without a decision is aborted by the very question: a mere look-up could say "not yet" and be overtaken by a commit.
    /// </summary>
    public async Task<Result<List<SaleEnd>>> Ask(IReadOnlyList<Guid> sales)
    {
        var ends = await _reader.Ended(sales);
        foreach (var asked in await _writer.Write(_decide, [.. sales.Except(ends.Select(e => e.SaleId)).Select(id => new Verdict(id, null, null, null, false))]))
        {
            if (asked.Refused(out var error, out var decided))
            {
                return error;
            }

            ends.Add(new SaleEnd(decided.Decision.SaleId, decided.Decision.Outcome));
        }

        return ends;
    }

    private async Task<IReadOnlyList<Result<Decided>>> DecideAll(ITransaction<SalesDb> transaction, IReadOnlyList<Verdict> wanted)
    {
        var tables = _tables(transaction);
        var known = await tables.Lock(
            [.. wanted.Select(w => w.SaleId).Distinct().Order()],
            [.. wanted.Where(w => w.Order is not null).Select(w => w.Order!.CustomerId).Distinct()],
            [.. wanted.Where(w => w.EmptiesCart).Select(w => w.Order!.CustomerId).Distinct().Order()]);
        var (answers, made, orders) = (new Result<Decided>[wanted.Count], new List<Decided>(wanted.Count), new List<Order>(wanted.Count));
        for (var i = 0; i < answers.Length; i++)
        {
            if (known.Standing.TryGetValue(wanted[i].SaleId, out var standing))
            {
                answers[i] = new Decided(standing, null);
                continue;
            }

            var decided = Decide(known, wanted[i]);
            known.Standing.Add(wanted[i].SaleId, decided.Decision);
            made.Add(decided);
            answers[i] = decided;
            transaction.Trail.Note(i, wanted[i].SaleId, What, decided.Order is null ? Outcome(wanted[i]) : AuditEntry.Done);
            if (decided.Order is { } order)
            {
                orders.Add(order);
            }
        }

        var placed = Placed(orders);
        transaction.Published.UnionWith(placed.Select(e => e.Type));
        await tables.Keep(made.ConvertAll(d => d.Decision), orders, known.Bought, placed);
        return answers;
    }

    /// <summary>One event for all orders of a transaction.</summary>
    private OutboxEvent[] Placed(List<Order> orders) => orders.Count == 0 ? []
        : [OutboxEvent.Of(new OrdersPlaced(orders.ConvertAll(o => new PlacedOrder(o.Id, o.Total, o.PlacedAt))), _ids.Next(), orders[0].PlacedAt)];

    /// <summary>Why a sale was aborted, for the audit log.</summary>
    private static string Outcome(Verdict wanted) => (wanted.Refusal?.Kind ?? (wanted.Order is null ? ShopErrors.OrderAborted : SalesErrors.CartEmpty)).Code;

    private Decided Decide(Known known, Verdict wanted)
    {
        if (wanted.Order is not { } order)
        {
            return new Decided(Row(wanted, SaleOutcome.Aborted, wanted.Refusal), null);
        }

        if (wanted.EmptiesCart && !known.TakeFromCart(order))
        {
            return new Decided(Row(wanted, SaleOutcome.Aborted, SalesErrors.CartEmpty.With("The cart was bought or changed meanwhile.")), null);
        }

        if (known.Gone.Contains(order.CustomerId))
        {
            order.Username = null;
        }

        return new Decided(Row(wanted, SaleOutcome.Committed, null), order);
    }

    private Decision Row(Verdict wanted, SaleOutcome outcome, Error? refusal) => new()
    {
        SaleId = wanted.SaleId,
        Outcome = outcome,
        Fingerprint = wanted.Fingerprint,
        Refusal = refusal is null ? null : JsonSerializer.Serialize(ErrorMessage.Of(refusal), InternalJson.Options),
        At = _time.GetUtcNow().UtcDateTime,
    };
}
