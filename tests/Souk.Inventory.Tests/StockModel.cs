using Souk.Platform.Holds;

namespace Souk.Inventory.Tests;

/// <summary>One thing that can happen to stock. Products and sales go by their place in the case.</summary>
internal abstract record Step
{
    public sealed record Adjust(int Product, long Delta) : Step;

    public sealed record Count(int Product, long To) : Step;

    public sealed record Hold(int Sale, (int Product, int Quantity)[] Lines) : Step
    {
        public string Fingerprint => string.Join(',', Lines);

        public override string ToString() => $"Hold {{ Sale = {Sale}, Lines = {Fingerprint} }}";
    }

    public sealed record End(int Sale, SaleOutcome Outcome) : Step;

    public sealed record Price(int Product, long Cents) : Step;

    public sealed record Delete(int Product) : Step;
}

/// <summary>
/// What stock should be, told without a database: products with a number and a price, sales with what they took. Each step answers
/// the code of its refusal, or null.
/// </summary>
internal sealed class StockModel(params long[] stock)
{
    private const long Most = 1_000_000_000;

    private readonly Dictionary<int, Sale> _sales = [];
    private readonly bool[] _deleted = new bool[stock.Length];

    private enum Standing
    {
        Held,
        Settled,
        GivenUp,
        TakenBack,
    }

    /// <summary>What should be there to buy.</summary>
    public long[] Available { get; } = [.. stock];

    /// <summary>The sum of what came and went by hand.</summary>
    public long[] ByHand { get; } = [.. stock];

    /// <summary>What sales have: held, or settled for good.</summary>
    public long[] WithSales => [.. Available.Select((_, p) => _sales.Values.Where(s => s.Standing is Standing.Held or Standing.Settled).Sum(s => s.Took.GetValueOrDefault(p)))];

    public string? Do(Step step) => step switch
    {
        Step.Adjust a => _deleted[a.Product] ? "product_not_found"
            : Available[a.Product] + a.Delta < 0 ? "stock_below_zero"
            : Available[a.Product] + a.Delta > Most ? "stock_too_large"
            : Move(a.Product, a.Delta),
        Step.Count c => _deleted[c.Product] ? "product_not_found" : Move(c.Product, c.To - Available[c.Product]),
        Step.Price p => _deleted[p.Product] ? "product_not_found" : null,
        Step.Delete d => _deleted[d.Product] ? "product_not_found" : Forget(d.Product),
        Step.Hold h => Hold(h),
        Step.End e => End(e),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "No such step."),
    };

    private string? Move(int product, long delta)
    {
        Available[product] += delta;
        ByHand[product] += delta;
        return null;
    }

    private string? Forget(int product)
    {
        _deleted[product] = true;
        return null;
    }

    private string? Hold(Step.Hold hold)
    {
        if (_sales.TryGetValue(hold.Sale, out var earlier))
        {
            return earlier.Standing == Standing.GivenUp ? "order_aborted" : earlier.Fingerprint != hold.Fingerprint ? "idempotency_key_reused" : null;
        }

        var wanted = hold.Lines.GroupBy(l => l.Product).OrderBy(g => g.Key).ToDictionary(g => g.Key, g => g.Sum(l => (long)l.Quantity));
        foreach (var (product, quantity) in wanted)
        {
            if (_deleted[product] || Available[product] < quantity)
            {
                return _deleted[product] ? "product_not_found" : "out_of_stock";
            }
        }

        foreach (var (product, quantity) in wanted)
        {
            Available[product] -= quantity;
        }

        _sales[hold.Sale] = new Sale(Standing.Held, hold.Fingerprint, wanted);
        return null;
    }

    private string? End(Step.End end)
    {
        if (!_sales.TryGetValue(end.Sale, out var sale))
        {
            if (end.Outcome == SaleOutcome.Aborted)
            {
                _sales[end.Sale] = new Sale(Standing.GivenUp, "", []);
            }

            return null;
        }

        var open = sale.Standing == Standing.Held;
        var back = end.Outcome switch
        {
            SaleOutcome.Committed => sale with { Standing = open ? Standing.Settled : sale.Standing },
            SaleOutcome.Aborted => sale with { Standing = open ? Standing.GivenUp : sale.Standing },
            _ => sale with { Standing = open || sale.Standing == Standing.Settled ? Standing.TakenBack : sale.Standing },
        };
        if (back.Standing is Standing.GivenUp or Standing.TakenBack && sale.Standing is Standing.Held or Standing.Settled)
        {
            foreach (var (product, quantity) in sale.Took.Where(_ => back.Standing != sale.Standing))
            {
                Available[product] += quantity;
            }
        }

        _sales[end.Sale] = back;
        return null;
    }

    private sealed record Sale(Standing Standing, string Fingerprint, Dictionary<int, long> Took);
}
