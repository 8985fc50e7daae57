using Souk.Contracts;
using Souk.Customers.Wallets;
using Souk.Inventory.Stock;
using Souk.Platform.Holds;
using Souk.Sales.Orders;

namespace Souk;

/// <summary>Compares, sale by sale, what Sales decided with what Inventory and Customers hold for it.</summary>
internal sealed class SaleComparison
{
    private static readonly OrderOfSale Undecided = new();

    private readonly List<Discrepancy> _wrong = [];

    public SaleComparison(Dictionary<Guid, OrderOfSale> orders, Dictionary<Guid, StockOfSale> stock, Dictionary<Guid, MoneyOfSale> money)
    {
        foreach (var (id, order) in orders)
        {
            Compare(id, order, stock.TryGetValue(id, out var goods) ? goods : null, money.TryGetValue(id, out var paid) ? paid : null);
        }

        foreach (var id in stock.Keys.Union(money.Keys).Where(id => !orders.ContainsKey(id)))
        {
            Compare(id, Undecided, stock.TryGetValue(id, out var goods) ? goods : null, money.TryGetValue(id, out var paid) ? paid : null);
        }
    }

    public IReadOnlyList<Discrepancy> Wrong => _wrong;

    private void Compare(Guid id, OrderOfSale order, StockOfSale? stock, MoneyOfSale? money)
    {
        State("stock_hold", id, order, stock?.State, stock?.Overdue == true);
        State("money_hold", id, order, money?.State, money?.Overdue == true);
        if (order.Status is null)
        {
            return;
        }

        if (stock is { } goods && goods.Lines != order.Lines)
        {
            Add("stock_held", id, order.Lines, goods.Lines);
        }

        if (money is { State: not null } paid && (paid.Amount != order.Total || paid.CustomerId != order.CustomerId))
        {
            Add("money_held", id, $"{order.Total} of {order.CustomerId}", $"{paid.Amount} of {paid.CustomerId}");
        }
    }

    private void State(string kind, Guid id, OrderOfSale order, HoldState? state, bool overdue)
    {
        if (!Allowed(order).Contains(state))
        {
            Add(kind, id, $"{string.Join(" or ", Allowed(order).Select(s => s?.ToString() ?? "nothing"))}, as the sale is {Standing(order)}", state?.ToString() ?? "nothing");
        }
        else if (overdue)
        {
            Add($"{kind}_overdue", id, $"the end of a hold within two leases, as the sale is {Standing(order)}", "Held");
        }
    }

    /// <summary>How a hold may stand. A sale that goes on may be held already; one that has ended need not be told yet.</summary>
    private static HoldState?[] Allowed(OrderOfSale order) => (order.Outcome, order.Status) switch
    {
        (SaleOutcome.Committed, OrderStatus.Cancelled) => order.Returning ? [HoldState.Returned, HoldState.Settled, HoldState.Held] : [HoldState.Returned],
        (SaleOutcome.Committed, _) => [HoldState.Settled, HoldState.Held],
        (SaleOutcome.Aborted, _) => [HoldState.Voided, HoldState.Held, null],
        _ => [HoldState.Held, null],
    };

    private static string Standing(OrderOfSale order) =>
        order.Status == OrderStatus.Cancelled ? "cancelled" : order.Outcome switch { SaleOutcome.Committed => "committed", SaleOutcome.Aborted => "aborted", _ => "not decided" };

    private void Add(string kind, Guid id, string expected, string found) => _wrong.Add(new(kind, id.ToString(), expected, found));
}
