using Microsoft.EntityFrameworkCore;
using Souk.Customers.Accounts;
using Souk.Customers.Factors;
using Souk.Customers.Payments;
using Souk.Customers.Sessions;
using Souk.Customers.Wallets;
using Souk.Platform.Persistence;
using Souk.Platform.Privacy;

namespace Souk.Customers.Privacy;

/// <summary>What Customers stores about a customer: the account, the wallet with its entries and payments, the second factor and the sessions.</summary>
internal static class PersonalAccount
{
    private const int AtOnce = PersonalData<CustomersDb>.AtOnce;

    public static readonly PersonalSection<CustomersDb>[] Sections =
        [new("account", Account), new("wallet", WalletOf), new("wallet_entries", Entries), new("payments", PaymentsOf), new("second_factor", Factor), new("sessions", SessionsOf)];

    private static async Task<Page<object>> Account(CustomersDb db, Guid customer, string? next) =>
        new([CustomerView.Of(await db.Customers.AsNoTracking().SingleAsync(c => c.Id == customer))], null);

    private static async Task<Page<object>> WalletOf(CustomersDb db, Guid customer, string? next)
    {
        var username = await db.Customers.Where(c => c.Id == customer).Select(c => c.Username).SingleAsync();
        return new([await db.Wallets.Where(w => w.CustomerId == customer).Select(w => new WalletView(username, w.Balance, w.UpdatedAt)).SingleAsync()], null);
    }

    private static async Task<Page<object>> Entries(CustomersDb db, Guid customer, string? next)
    {
        var after = Paging.Read<Key>(next).Value;
        var rows = await db.Entries.AsNoTracking()
            .Where(e => e.CustomerId == customer && e.Account == LedgerAccount.Wallet && (after == null || e.Id > after.Id))
            .OrderBy(e => e.Id).Take(AtOnce + 1).ToListAsync();
        return Paging.Of(rows, AtOnce, object (e) => EntryView.Of(e), e => new Key(e.Id));
    }

    private static async Task<Page<object>> PaymentsOf(CustomersDb db, Guid customer, string? next)
    {
        var after = Paging.Read<GuidKey>(next).Value;
        var rows = await db.Payments.AsNoTracking()
            .Where(p => p.CustomerId == customer && (after == null || p.Id.CompareTo(after.Id) > 0))
            .OrderBy(p => p.Id).Take(AtOnce + 1).ToListAsync();
        return Paging.Of(rows, AtOnce, object (p) => PaymentView.Of(p), p => new GuidKey(p.Id));
    }

    private static async Task<Page<object>> Factor(CustomersDb db, Guid customer, string? next) => new([await ReadFactors.Run(db, customer, CancellationToken.None)], null);

    /// <summary>Those that have ended too, as long as they are stored.</summary>
    private static async Task<Page<object>> SessionsOf(CustomersDb db, Guid customer, string? next)
    {
        var after = Paging.Read<GuidKey>(next).Value;
        var rows = await db.Sessions.AsNoTracking()
            .Where(s => s.CustomerId == customer && (after == null || s.Id.CompareTo(after.Id) > 0))
            .OrderBy(s => s.Id).Take(AtOnce + 1).ToListAsync();
        return Paging.Of(rows, AtOnce, object (s) => SessionView.Of(s, null), s => new GuidKey(s.Id));
    }

    private sealed record Key(long Id);

    private sealed record GuidKey(Guid Id);
}
