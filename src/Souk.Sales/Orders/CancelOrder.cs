using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Holds;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Platform.Values;

namespace Souk.Sales.Orders;

/// <summary>Until when customers may cancel.</summary>
internal sealed record CancelRule(TimeSpan Within)
{
    public static CancelRule Read(IConfiguration configuration) => new(TimeSpan.FromMinutes(SoukSettings.Number(configuration, "Sales:CancelMinutes", 30, 0, 525_600)));
}

/// <summary>
/// Cancels an order. The cancellation and its event are one transaction; the event gives money and stock back however long the
/// participants are away, and a direct word to them makes it quick.
/// </summary>
internal sealed class CancelOrder(IDbContextFactory<SalesDb> contexts, GroupCommit<SalesDb> writer, Participants participants, CancelRule rule, IdSource ids, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPost("/orders/{id}/cancellation", async (Params<OrderPath> at, Caller caller, IdempotencyKey key, CancelOrder use) => (await use.Run(at.Value.Id, caller, key)).Ok())
        .WithTags("orders").Allow(Access.SignedIn)
        .Describe("Cancel an order", "Gives the money and the stock back. Customers may cancel for 30 minutes (`Sales:CancelMinutes`), callers with `sales:write` at any time. An order that is cancelled already is answered as it stands.")
        .Answers(200, OrderView.Example with { Status = OrderStatus.Cancelled, CancelledAt = new DateTime(2026, 11, 21, 9, 40, 0, DateTimeKind.Utc) })
        .Refuses(SalesErrors.OrderNotFound, SalesErrors.CancelTooLate);

    public async Task<Result<OrderView>> Run(Guid id, Caller caller, IdempotencyKey key)
    {
        // What is kept for the key is that it was done: the order itself says how it stands, as long as its customer is known.
        var cancelled = await writer.WriteOnce(Once.For(Once.ScopeOf(caller.Id), key, "cancel-order", id), db => Cancel(db, id, caller));
        if (cancelled.Error is { } refused)
        {
            return refused;
        }

        await participants.End(id, SaleOutcome.Cancelled, Participants.Both);
        await using var db = await contexts.CreateDbContextAsync();
        return OrderView.Of(await db.Orders.AsNoTracking().Include(o => o.Lines).SingleAsync(o => o.Id == id));
    }

    private async Task<Result<Done>> Cancel(SalesDb db, Guid id, Caller caller)
    {
        var order = await db.Orders.SingleOrDefaultAsync(o => o.Id == id);
        if (order is null || (order.CustomerId != caller.Id && !caller.Can(Permissions.SalesWrite)))
        {
            return SalesErrors.NoOrder(id);
        }

        if (order.Status == OrderStatus.Cancelled)
        {
            return default(Done);
        }

        var now = time.GetUtcNow().UtcDateTime;
        if (now - order.PlacedAt > rule.Within && !caller.Can(Permissions.SalesWrite))
        {
            return SalesErrors.CancelTooLate.With($"An order can be cancelled for {rule.Within.TotalMinutes:0} minutes.");
        }

        order.Cancel(now);
        db.Publish(new OrderCancelled(id), ids, time);
        return default(Done);
    }
}
