using System.Globalization;
using Souk.Contracts;
using Souk.Sales.Orders;

namespace Souk.Torture;

/// <summary>Compares what each buyer was told with what is recorded.</summary>
internal sealed class ToldComparison
{
    private readonly List<Discrepancy> _wrong = [];
    private readonly Dictionary<Guid, OrderOfSale> _recorded;

    public ToldComparison(Dictionary<Guid, OrderOfSale> sales, IReadOnlyList<Buyer> buyers)
    {
        _recorded = sales.Where(s => s.Value.Status is not null).ToDictionary();
        var purchases = buyers.SelectMany(b => b.Purchases).ToDictionary(p => p.SaleId);
        foreach (var purchase in purchases.Values)
        {
            Compare(purchase);
        }

        _wrong.AddRange(_recorded.Keys.Where(id => !purchases.ContainsKey(id)).Select(id => Of("order_nobody_placed", id, "no order", "an order")));
    }

    public IReadOnlyList<Discrepancy> Wrong => _wrong;

    /// <summary>The wallet holds what was paid in less what its orders cost, to the cent.</summary>
    public async Task CompareWallet(Buyer buyer)
    {
        var spent = buyer.Purchases.Sum(p => _recorded.TryGetValue(p.SaleId, out var order) && order.Status == OrderStatus.Confirmed ? order.Total.Minor : 0);
        var rest = await buyer.Balance() + spent - (100L * Buyer.TopUp * buyer.TopUps.Confirmed);
        if (rest % (100L * Buyer.TopUp) != 0 || rest / (100L * Buyer.TopUp) is var unheard && (unheard < 0 || unheard > buyer.TopUps.Unknown))
        {
            _wrong.Add(Of("wallet_told", buyer.Id, "what was paid in less what orders cost", string.Create(CultureInfo.InvariantCulture, $"{rest} cents more")));
        }
    }

    private static Discrepancy Of(string kind, Guid id, string expected, string found) => new(kind, id.ToString(), expected, found);

    private void Compare(Purchase purchase)
    {
        _recorded.TryGetValue(purchase.SaleId, out var order);
        if (purchase.Told is { Status: 201 } bought)
        {
            var total = bought.Body.GetProperty("total").GetProperty("amount").GetString();
            if (order is null || bought.Id != purchase.SaleId || order.Total.ToString() != total)
            {
                _wrong.Add(Of("bought_told", purchase.SaleId, $"order {bought.Id} for {total}", order is null ? "no order" : $"an order for {order.Total}"));
            }
        }
        else if (purchase.Told is { } refused && order is not null)
        {
            _wrong.Add(Of("refused_told", purchase.SaleId, $"no order ({refused.Code})", $"an order for {order.Total}"));
        }

        if (order is not null && (order.Status == OrderStatus.Cancelled ? !purchase.CancelAsked : purchase.CancelTold is not null))
        {
            _wrong.Add(Of("cancel_told", purchase.SaleId, purchase.CancelAsked ? "a cancelled order" : "an order that stands", order.Status.ToString()!));
        }
    }
}
