using System.Globalization;
using System.Text.Json;
using Souk.Contracts;
using Souk.Customers.Wallets;
using Souk.Platform.Errors;
using Souk.Platform.Events;
using Souk.Platform.Holds;
using Souk.Sales.Orders;

namespace Souk.Simulation.Worlds;

/// <summary>What a shop promises.</summary>
internal static class Promises
{
    /// <summary>At the moment when Sales tells a buyer something final, that is durable.</summary>
    public static void Told(World world, Wanted wanted, Result<OrderView> told)
    {
        if (wanted.Key is null || told.Error is { Kind.Status: 503 } || told.Error?.Kind.Code == "idempotency_key_reused")
        {
            return;
        }

        var standing = world.Sales.Decisions.Rows.GetValueOrDefault(SaleOf(wanted.Buyer, wanted.Key));
        var outcome = told.Error is null ? SaleOutcome.Committed : SaleOutcome.Aborted;
        if (standing?.Outcome != outcome)
        {
            world.Break($"Told {told.Error?.Kind.Code ?? "bought"} while {standing?.Outcome.ToString() ?? "nothing"} stands.");
        }
    }

    /// <summary>The books, once everything has come to its end.</summary>
    public static void Quiet(World world)
    {
        var broken = Stock(world).Concat(Money(world)).Concat(Holds(world)).Concat(world.Sales.Decisions.Rows.Values.SelectMany(d => Sale(world, d))).Concat(world.Plan.Buyers.SelectMany(b => Answer(world, b))).Concat(Orders(world));
        if (broken.FirstOrDefault() is { } first)
        {
            world.Break(first);
        }
    }

    /// <summary>The sale of a request, as the protocol says it; the shop's own computation is what is to be proved.</summary>
    private static Guid SaleOf(CustomerCard customer, string key) =>
        new(System.Security.Cryptography.SHA256.HashData([.. customer.Id.ToByteArray(bigEndian: true), .. System.Text.Encoding.ASCII.GetBytes(key)]).AsSpan(0, 16), bigEndian: true);

    private static IEnumerable<string> Stock(World world)
    {
        foreach (var product in world.Stock.Products.Rows.Values)
        {
            var (held, sold) = (world.Stock.Sum(product.Id, HoldState.Held), world.Stock.Sum(product.Id, HoldState.Settled));
            var ordered = world.Sales.Orders.Rows.Values.Where(o => !o.Cancelled).SelectMany(o => o.Order.Lines).Where(l => l.ProductId == product.Id).Sum(l => (long)l.Quantity);
            if (product.Available + held + sold != product.Delivered || sold != ordered)
            {
                yield return $"{product}, held {held}, sold {sold}, in orders {ordered}: that is not as much as there was.";
            }
        }
    }

    private static IEnumerable<string> Money(World world)
    {
        if (world.Money.Entries.Sum(e => e.Amount.Minor) != 0 || world.Money.Entries.GroupBy(e => e.MovementId).Any(m => m.Count() != 2 || m.Sum(e => e.Amount.Minor) != 0))
        {
            yield return "The ledger does not sum to zero.";
        }

        foreach (var wallet in world.Money.Wallets.Rows.Values.Where(w => w.Balance != Sum(world, LedgerAccount.Wallet, e => e.CustomerId == w.Id)))
        {
            yield return $"{wallet} is not the sum of its entries.";
        }

        var earned = world.Sales.Orders.Rows.Values.Where(o => !o.Cancelled).Sum(o => o.Order.Total.Minor);
        var topUps = world.Money.Entries.Where(e => e is { Account: LedgerAccount.Wallet, Kind: MovementKind.TopUp }).Sum(e => e.Amount.Minor);
        if (world.Money.Wallets.Rows.Values.Sum(w => w.Balance) + earned != topUps || Sum(world, LedgerAccount.Sales, _ => true) != earned)
        {
            yield return $"Wallets and what was earned ({earned}) are not what was paid in ({topUps}).";
        }
    }

    private static IEnumerable<string> Holds(World world)
    {
        var old = world.Stock.Holds.Rows.Values.AsEnumerable<Hold>().Concat(world.Money.Holds.Rows.Values).Where(h => h.State == HoldState.Held);
        return old.Select(h => $"Sale {h.SaleId} is still held after two leases: {h}.");
    }

    /// <summary>A sale is done once, in every book, or in none.</summary>
    private static IEnumerable<string> Sale(World world, Decision decision)
    {
        var (id, order) = (decision.SaleId, world.Sales.Orders.Rows.GetValueOrDefault(decision.SaleId));
        var (stock, money) = (world.Stock.Holds.Rows.GetValueOrDefault(id), world.Money.Holds.Rows.GetValueOrDefault(id));
        var paid = Sum(world, LedgerAccount.Sales, e => e.SaleId == id);
        var charges = world.Money.Entries.Count(e => e.SaleId == id && e is { Account: LedgerAccount.Wallet, Kind: MovementKind.Purchase });
        if (decision.Outcome == SaleOutcome.Committed)
        {
            var end = order is { Cancelled: true } ? HoldState.Returned : HoldState.Settled;
            if (order is null || stock?.State != end || money?.State != end || charges != 1 || paid != (order.Cancelled ? 0 : order.Order.Total.Minor) || money.Amount != order.Order.Total
                || !stock.Lines.Select(l => (l.ProductId, l.Quantity)).Order().SequenceEqual(order.Order.Lines.Select(l => (l.ProductId, l.Quantity)).Order()))
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"Committed sale {id}: order {order}, stock {stock?.State}, money {money?.State} {money?.Amount}, {charges} charges, {paid} paid.");
            }
        }
        else if (order is not null || stock is { State: not HoldState.Voided } || money is { State: not HoldState.Voided } || paid != 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Aborted sale {id}: order {order}, stock {stock?.State}, money {money?.State}, {paid} paid.");
        }
    }

    /// <summary>Each order is told of once, and what was in a cart was bought once.</summary>
    private static IEnumerable<string> Orders(World world)
    {
        var told = world.Sales.Events.SelectMany(e => JsonSerializer.Deserialize<OrdersPlaced>(e.Payload, InternalJson.Options)!.Orders);
        if (!told.Select(o => (o.OrderId, o.Total)).Order().SequenceEqual(world.Sales.Orders.Rows.Values.Select(o => (o.Order.Id, o.Order.Total)).Order()))
        {
            yield return "Not every order is told of once.";
        }

        var fromCarts = world.Plan.Buyers.Where(b => b.Request.Lines is null && b.Told?.Value is OrderView).DistinctBy(b => ((OrderView)b.Told!.Value.Value!).Id).SelectMany(b => ((OrderView)b.Told!.Value.Value!).Lines, (b, l) => (b.Request.Customer.Id, l.ProductId));
        if (fromCarts.GroupBy(x => x).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            yield return $"{twice.Key} was bought from the cart {twice.Count()} times.";
        }
    }

    /// <summary>What a buyer was told is what is in the books.</summary>
    private static IEnumerable<string> Answer(World world, Buyer buyer)
    {
        if (buyer is { Request.Key: { } key, Told: { } told } && told.Error?.Kind.Code != "idempotency_key_reused")
        {
            var sale = SaleOf(buyer.Request.Customer, key);
            var standing = world.Sales.Decisions.Rows.GetValueOrDefault(sale)?.Outcome;
            var order = told.Value as OrderView;
            if (standing != (order is null ? SaleOutcome.Aborted : SaleOutcome.Committed) || (order is not null && order.Id != sale))
            {
                yield return $"{key} was told {told}, but {standing} stands for sale {sale}.";
            }
            else if (order is not null && buyer.Request.ExpectedTotal is { } expected && expected != order.Total)
            {
                yield return $"{key} expected to pay {expected} and paid {order.Total}.";
            }
            else if (order is not null && buyer.Request.Lines is { } lines && !lines.GroupBy(l => l.ProductId).Select(g => (g.Key, g.Sum(l => l.Quantity))).Order().SequenceEqual(order.Lines.Select(l => (l.ProductId, l.Quantity)).Order()))
            {
                yield return $"{key} got other things than it wanted: {told}.";
            }
        }
    }

    private static long Sum(World world, LedgerAccount account, Func<LedgerEntry, bool> which) => world.Money.Entries.Where(e => e.Account == account && which(e)).Sum(e => e.Amount.Minor);
}
