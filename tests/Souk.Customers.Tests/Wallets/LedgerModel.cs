using Souk.Customers.Wallets;

namespace Souk.Customers.Tests.Wallets;

/// <summary>
/// What the ledger should do, written a second time and in the simplest way: plain numbers in memory. Each method answers with the
/// code of the refusal, or with nothing.
/// </summary>
internal sealed class LedgerModel(int customers)
{
    private const long Most = 1_000_000_000_000;

    private readonly long[] _wallets = new long[customers];
    private readonly bool[] _gone = new bool[customers];
    private readonly Dictionary<int, Sale> _sales = [];

    public IReadOnlyList<long> Wallets => _wallets;

    /// <summary>What the shop has earned.</summary>
    public long Sales { get; private set; }

    /// <summary>What customers paid in, less what was paid out to them.</summary>
    public long Provider { get; private set; }

    /// <summary>What admins took out.</summary>
    public long Deducted { get; private set; }

    public string Move(int customer, MovementKind kind, long amount)
    {
        if (_gone[customer])
        {
            return "customer_not_found";
        }

        if (kind == MovementKind.TopUp)
        {
            return _wallets[customer] + amount > Most ? "wallet_full" : PayIn(customer, amount);
        }

        if (_wallets[customer] < amount)
        {
            return "insufficient_funds";
        }

        _wallets[customer] -= amount;
        (Provider, Deducted) = kind == MovementKind.Deduction ? (Provider, Deducted + amount) : (Provider - amount, Deducted);
        return "";
    }

    public string Delete(int customer)
    {
        if (_gone[customer])
        {
            return "customer_not_found";
        }

        PayIn(customer, -_wallets[customer]);
        _gone[customer] = true;
        return "";
    }

    public string Hold(int sale, int customer, long amount)
    {
        if (_sales.TryGetValue(sale, out var known))
        {
            return known.State == "voided" ? "order_aborted" : (known.Customer, known.Amount) != (customer, amount) ? "idempotency_key_reused" : "";
        }

        if (_gone[customer] || _wallets[customer] < amount)
        {
            return _gone[customer] ? "customer_not_found" : "insufficient_funds";
        }

        _wallets[customer] -= amount;
        Sales += amount;
        _sales[sale] = new Sale(customer, amount, "held");
        return "";
    }

    public void Commit(int sale) => Turn(sale, "held", "settled", giveBack: false);

    public void Abort(int sale)
    {
        if (!_sales.TryAdd(sale, new Sale(-1, 0, "voided")))
        {
            Turn(sale, "held", "voided", giveBack: true);
        }
    }

    public void Cancel(int sale)
    {
        Turn(sale, "held", "returned", giveBack: true);
        Turn(sale, "settled", "returned", giveBack: true);
    }

    private void Turn(int id, string from, string to, bool giveBack)
    {
        if (!_sales.TryGetValue(id, out var sale) || sale.State != from)
        {
            return;
        }

        _sales[id] = sale with { State = to };
        if (giveBack)
        {
            Sales -= sale.Amount;
            _wallets[sale.Customer] += _gone[sale.Customer] ? 0 : sale.Amount;
            Provider -= _gone[sale.Customer] ? sale.Amount : 0;
        }
    }

    private string PayIn(int customer, long amount)
    {
        _wallets[customer] += amount;
        Provider += amount;
        return "";
    }

    private sealed record Sale(int Customer, long Amount, string State);
}
