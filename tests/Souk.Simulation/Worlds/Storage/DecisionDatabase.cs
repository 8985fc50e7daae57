using Souk.Platform.Events;
using Souk.Platform.Holds;
using Souk.Sales.Orders;

namespace Souk.Simulation.Worlds;

/// <summary>An order in Sales' storage.</summary>
/// <param name="Order">The order as it was committed.</param>
/// <param name="Cancelled">Whether it was taken back.</param>
internal sealed record KeptOrder(Order Order, bool Cancelled);

/// <summary>Sales' storage.</summary>
internal sealed class DecisionDatabase(World world, int writers) : Database(world, writers), IDecisionReader
{
    public Table<Guid, Decision> Decisions { get; } = new(d => d);

    public Table<Guid, KeptOrder> Orders { get; } = new(o => o);

    public Table<CartPlace, CartPlace> Carts { get; } = new(c => c);

    public List<OutboxEvent> Events { get; } = [];

    /// <summary>Cancellations in the outbox, and the participants that have not taken them yet.</summary>
    public Dictionary<Guid, HashSet<string>> Untold { get; } = [];

    public async Task<Decision?> Standing(Guid saleId)
    {
        await World.Timeline.Wait(World.Dice.Time(0.1, 2));
        MayFail();
        return Decisions.Rows.GetValueOrDefault(saleId);
    }

    public async Task<List<SaleEnd>> Ended(IReadOnlyCollection<Guid> sales)
    {
        await World.Timeline.Wait(World.Dice.Time(0.1, 2));
        MayFail();
        return [.. sales.Select(Decisions.Rows.GetValueOrDefault).OfType<Decision>().Select(d => new SaleEnd(d.SaleId, d.Outcome))];
    }

    public async Task<Order> OrderOf(Guid saleId)
    {
        await World.Timeline.Wait(World.Dice.Time(0.1, 2));
        MayFail();
        return Orders.Rows[saleId].Order;
    }

    protected override void Check()
    {
    }

    /// <summary>The same statements as the real tables', in the same order.</summary>
    public sealed class Tables(DecisionDatabase db, Session session) : IDecisionTables
    {
        public async Task<Known> Lock(IReadOnlyCollection<Guid> sales, IReadOnlyCollection<Guid> buyers, IReadOnlyCollection<Guid> carts)
        {
            await session.Statement();
            var standing = db.Decisions.Read(session, sales).ToDictionary(d => d.SaleId);
            var places = db.Carts.Rows.Keys.Where(c => carts.Contains(c.CustomerId)).OrderBy(c => (c.CustomerId, c.ProductId)).ToArray();
            return new Known(standing, [], [.. await db.Carts.Lock(session, places)]);
        }

        public async Task Keep(IReadOnlyList<Decision> decisions, IReadOnlyList<Order> orders, IReadOnlyList<CartPlace> bought, IReadOnlyList<OutboxEvent> events)
        {
            if (decisions.Count + orders.Count + bought.Count + events.Count == 0)
            {
                return;
            }

            await session.Statement();
            foreach (var decision in decisions)
            {
                await db.Decisions.Insert(session, decision.SaleId, decision);
            }

            foreach (var order in orders)
            {
                await db.Orders.Insert(session, order.Id, new KeptOrder(order, Cancelled: false));
            }

            foreach (var place in bought)
            {
                await db.Carts.Delete(session, place);
            }

            foreach (var e in events)
            {
                session.Append(db.Events, e);
            }
        }
    }
}
