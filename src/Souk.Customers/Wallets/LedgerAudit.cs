using Microsoft.EntityFrameworkCore;

namespace Souk.Customers.Wallets;

/// <summary>Proves the ledger, at any time: in one statement, so that it sees one moment.</summary>
/// <param name="UnbalancedMovements">Movements whose entries do not sum to zero.</param>
/// <param name="WrongBalances">Wallets whose balance is not the sum of their entries.</param>
internal sealed record LedgerAudit(long UnbalancedMovements, long WrongBalances)
{
    /// <summary>Whether all is as it must be.</summary>
    public bool Balanced => UnbalancedMovements == 0 && WrongBalances == 0;

    public static Task<LedgerAudit> Of(CustomersDb db, CancellationToken stop = default) => db.Database.SqlQuery<LedgerAudit>($"""
        SELECT
            (SELECT COUNT(*) FROM (SELECT movement_id FROM ledger_entries GROUP BY movement_id HAVING SUM(amount) <> 0) AS unbalanced) AS "UnbalancedMovements",
            (SELECT COUNT(*) FROM wallets w WHERE w.balance <>
                (SELECT COALESCE(SUM(e.amount), 0) FROM ledger_entries e WHERE e.customer_id = w.customer_id AND e.account = 'Wallet')) AS "WrongBalances"
        """).SingleAsync(stop);
}
