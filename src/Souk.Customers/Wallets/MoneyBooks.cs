using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Platform.Holds;
using Souk.Platform.Persistence;
using Souk.Platform.Values;

namespace Souk.Customers.Wallets;

/// <summary>What Customers knows of one sale.</summary>
/// <param name="State">Where its hold stands; null when there is none.</param>
/// <param name="CustomerId">Who paid, if anybody did.</param>
/// <param name="Amount">How much is or was held.</param>
/// <param name="Overdue">Whether it is held although its sale must long have ended.</param>
/// <param name="Ledger">What the ledger put into wallets for it (negative: took), payouts left out.</param>
internal record struct MoneyOfSale(HoldState? State, Guid CustomerId, Money Amount, bool Overdue, Money Ledger);

/// <summary>The books of the wallets, proved and read for those who compare them with other services' books.</summary>
internal sealed class MoneyBooks(IDbContextFactory<CustomersDb> contexts)
{
    private readonly List<Discrepancy> _wrong = [];

    /// <summary>Movements whose entries, as far as they are read, don't sum to zero.</summary>
    private readonly Dictionary<Guid, Money> _open = [];

    /// <summary>The sum of each wallet's entries.</summary>
    private readonly Dictionary<Guid, Money> _sums = [];

    /// <summary>What is known of every sale.</summary>
    public Dictionary<Guid, MoneyOfSale> Sales { get; } = [];

    public long Wallets { get; private set; }

    public IReadOnlyList<Discrepancy> Wrong => _wrong;

    /// <summary>Reads them.</summary>
    /// <param name="due">Sales whose money was held before this moment (UTC) must have ended.</param>
    public async Task Read(DateTime due)
    {
        await using var snapshot = await Snapshot.Of(contexts);
        await ReadHolds(snapshot, due);
        await ReadLedger(snapshot);
        await ReadWallets(snapshot);
        _wrong.AddRange(_open.Select(m => Of("movement_unbalanced", m.Key, "0.00", m.Value)));
        _wrong.AddRange(Sales.Where(s => s.Value.Ledger != Taken(s.Value)).Select(s => Of("sale_ledger", s.Key, $"{Taken(s.Value)} for a hold that is {s.Value.State?.ToString() ?? "missing"}", s.Value.Ledger)));
    }

    private static Money Taken(MoneyOfSale sale) => sale.State is HoldState.Held or HoldState.Settled ? -sale.Amount : Money.Zero;

    private static Discrepancy Of(string kind, Guid id, string expected, Money found) => new(kind, id.ToString(), expected, found.ToString());

    private async Task ReadWallets(Snapshot snapshot)
    {
        await snapshot.Each("SELECT customer_id, balance FROM wallets", r =>
        {
            var (id, balance) = (r.GetGuid(0), new Money(r.GetInt64(1)));
            Wallets++;
            _sums.Remove(id, out var sum);
            if (balance != sum)
            {
                _wrong.Add(Of("wallet_balance", id, $"{sum}, the sum of its entries", balance));
            }

            if (balance < Money.Zero)
            {
                _wrong.Add(Of("wallet_negative", id, "0.00 or more", balance));
            }
        });
        _wrong.AddRange(_sums.Select(s => Of("wallet_missing", s.Key, "no entries without a wallet", s.Value)));
    }

    private Task ReadHolds(Snapshot snapshot, DateTime due) =>
        snapshot.Each("SELECT sale_id, state, customer_id, amount, at FROM money_holds", r =>
        {
            var state = HoldModel.StateOf(r.GetString(1));
            var tombstone = r.IsDBNull(2);
            Sales.Add(r.GetGuid(0), new MoneyOfSale(
                state, tombstone ? default : r.GetGuid(2), tombstone ? Money.Zero : new Money(r.GetInt64(3)), state == HoldState.Held && r.GetDateTime(4) < due, Money.Zero));
        });

    /// <summary>In one go through the ledger, which is the longest of all tables.</summary>
    private Task ReadLedger(Snapshot snapshot) =>
        snapshot.Each("SELECT movement_id, amount, account = 'Wallet', customer_id, sale_id, kind = 'Payout' FROM ledger_entries ORDER BY id", r =>
        {
            var (movement, amount) = (r.GetGuid(0), new Money(r.GetInt64(1)));
            ref var open = ref CollectionsMarshal.GetValueRefOrAddDefault(_open, movement, out _);
            open += amount;
            if (open == Money.Zero)
            {
                _open.Remove(movement);
            }

            if (r.GetBoolean(2))
            {
                var customer = r.GetGuid(3);
                CollectionsMarshal.GetValueRefOrAddDefault(_sums, customer, out _) += amount;
                if (!r.IsDBNull(4) && !r.GetBoolean(5))
                {
                    Follow(r.GetGuid(4), customer, amount);
                }
            }
        });

    private void Follow(Guid id, Guid customer, Money amount)
    {
        ref var sale = ref CollectionsMarshal.GetValueRefOrAddDefault(Sales, id, out _);
        sale.Ledger += amount;
        if (sale.State is not null && customer != sale.CustomerId)
        {
            _wrong.Add(new("sale_payer", id.ToString(), sale.CustomerId.ToString(), customer.ToString()));
        }
    }
}
