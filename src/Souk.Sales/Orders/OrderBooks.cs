using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Platform.Holds;
using Souk.Platform.Persistence;
using Souk.Platform.Values;

namespace Souk.Sales.Orders;

/// <summary>What Sales knows of one sale.</summary>
internal sealed class OrderOfSale
{
    /// <summary>The decision that stands; null when there is none.</summary>
    public SaleOutcome? Outcome { get; init; }

    /// <summary>How its order stands; null when there is none.</summary>
    public OrderStatus? Status { get; set; }

    /// <summary>Whether it was cancelled so lately that money and stock may still be on their way back.</summary>
    public bool Returning { get; set; }

    public Guid CustomerId { get; set; }

    public Money Total { get; set; }

    /// <summary>The sum of its lines.</summary>
    public Money Sum { get; set; }

    /// <summary>What was bought: <c>12×2@500</c> for two of product 12 at that price in cents, and so on.</summary>
    public string Lines { get; set; } = "";
}

/// <summary>The books of decisions and orders, proved and read for those who compare them with other services' books.</summary>
internal sealed class OrderBooks(IDbContextFactory<SalesDb> contexts)
{
    private readonly List<Discrepancy> _wrong = [];

    /// <summary>What is known of every sale.</summary>
    public Dictionary<Guid, OrderOfSale> Sales { get; } = [];

    public long Orders { get; private set; }

    public IReadOnlyList<Discrepancy> Wrong => _wrong;

    /// <summary>Reads them.</summary>
    /// <param name="due">What orders that were cancelled before this moment (UTC) took must be back.</param>
    public async Task Read(DateTime due)
    {
        await using var snapshot = await Snapshot.Of(contexts);
        await snapshot.Each("SELECT sale_id, outcome FROM decisions", r => Sales.Add(r.GetGuid(0), new OrderOfSale { Outcome = Enum.Parse<SaleOutcome>(r.GetString(1)) }));
        await ReadOrders(snapshot, due);
        await ReadLines(snapshot);
        foreach (var (id, sale) in Sales)
        {
            Check(id, sale);
        }
    }

    private Task ReadOrders(Snapshot snapshot, DateTime due) =>
        snapshot.Each("SELECT id, customer_id, status, total, cancelled_at FROM orders", r =>
        {
            var sale = SaleOf(r.GetGuid(0));
            Orders++;
            (sale.CustomerId, sale.Status, sale.Total) = (r.GetGuid(1), Enum.Parse<OrderStatus>(r.GetString(2)), new Money(r.GetInt64(3)));
            sale.Returning = !r.IsDBNull(4) && r.GetDateTime(4) >= due;
        });

    /// <summary>In the order in which they were written, which is the order of the lines that are held.</summary>
    private Task ReadLines(Snapshot snapshot) =>
        snapshot.Each("SELECT order_id, product_id, quantity, unit_price, total FROM order_lines ORDER BY id", r =>
        {
            var (id, unit, quantity, total) = (r.GetGuid(0), new Money(r.GetInt64(3)), r.GetInt32(2), new Money(r.GetInt64(4)));
            var sale = SaleOf(id);
            sale.Sum += total;
            sale.Lines += string.Create(CultureInfo.InvariantCulture, $"{(sale.Lines.Length == 0 ? "" : " ")}{r.GetInt64(1)}×{quantity}@{unit.Minor}");
            if (total != unit * quantity)
            {
                _wrong.Add(new("line_total", id.ToString(), string.Create(CultureInfo.InvariantCulture, $"{unit * quantity} for {quantity} of product {r.GetInt64(1)}"), total.ToString()));
            }
        });

    private OrderOfSale SaleOf(Guid id)
    {
        if (!Sales.TryGetValue(id, out var sale))
        {
            Sales.Add(id, sale = new OrderOfSale());
        }

        return sale;
    }

    private void Check(Guid id, OrderOfSale sale)
    {
        if (sale.Status is not null && sale.Outcome != SaleOutcome.Committed)
        {
            _wrong.Add(new("order_undecided", id.ToString(), "an order only of a committed sale", $"an order, and the decision {sale.Outcome?.ToString() ?? "nothing"}"));
        }

        if (sale.Status is null && (sale.Outcome == SaleOutcome.Committed || sale.Lines.Length > 0))
        {
            _wrong.Add(new("order_missing", id.ToString(), "an order", $"none, the decision {sale.Outcome?.ToString() ?? "nothing"}, lines [{sale.Lines}]"));
        }

        if (sale.Status is not null && sale.Sum != sale.Total)
        {
            _wrong.Add(new("order_total", id.ToString(), $"{sale.Sum}, the sum of its lines", sale.Total.ToString()));
        }
    }
}
