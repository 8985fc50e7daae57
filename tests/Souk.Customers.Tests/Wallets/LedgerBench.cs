using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Souk.Contracts;
using Souk.Customers.Accounts;
using Souk.Customers.Roles;
using Souk.Customers.Wallets;
using Souk.Platform.Errors;
using Souk.Platform.Holds;
using Souk.Platform.Persistence;
using Souk.Platform.Security;
using Souk.Platform.Values;
using Souk.Testing;

namespace Souk.Customers.Tests.Wallets;

/// <summary>The real ledger with a few fresh customers, by the use cases that the operations call, beside the model of it.</summary>
internal sealed class LedgerBench
{
    private readonly Caller _admin;
    private readonly IServiceProvider _parts;
    private readonly TestShop _shop;
    private readonly Customer[] _customers;
    private readonly Dictionary<int, Guid> _sales = [];

    private LedgerBench(TestShop shop, Customer[] customers) =>
        (_shop, _parts, _customers, Model, _admin) = (
            shop,
            shop.Parts("customers"),
            customers,
            new LedgerModel(customers.Length),
            new Caller(shop.Admin.Id, "admin", "admin", new HashSet<string>(StringComparer.Ordinal) { Permissions.WalletAdjust, Permissions.CustomersWrite }));

    public LedgerModel Model { get; }

    public static async Task<LedgerBench> Open(TestShop shop, int customers)
    {
        var register = shop.Part<RegisterCustomer>();
        var made = await shop.Part<GroupCommit<CustomersDb>>().Write<Customer[]>(async db =>
        {
            var all = new Customer[customers];
            for (var i = 0; i < customers; i++)
            {
                var wanted = new NewCustomer { Name = "Jo", Username = shop.NewName("ledger"), Password = "", Age = 1, Address = "x", Gender = true, MaritalStatus = MaritalStatus.Single };
                all[i] = (await register.Add(db, wanted, Role.Customer, "hash")).Value;
            }

            return all;
        });
        return new LedgerBench(shop, made.Value);
    }

    public async Task<string> Move(int customer, MovementKind kind, long amount) =>
        Code((await Part<MoveMoney>().Run(_admin, _customers[customer].Username, kind, new Money(amount), null)).Error);

    public async Task<string> Delete(int customer) => Code((await Part<DeleteCustomer>().Run(_admin, _customers[customer].Username)).Error);

    public async Task<string> Hold(int sale, int customer, long amount) =>
        (await Part<MoneyForSales>().Hold(new HoldMoney(IdOf(sale), $"{customer}:{amount}", _customers[customer].Id, new Money(amount))))[0].Refused?.Code ?? "";

    public async Task End(int sale, SaleOutcome outcome) =>
        _ = (await Part<MoneyForSales>().End([new SaleEnd(IdOf(sale), outcome)])).Value;

    /// <summary>Compares the database with the model, entry by entry and account by account.</summary>
    public async Task Check()
    {
        var ids = _customers.Select(c => c.Id).ToArray();
        await using var db = _shop.Database();
        var entries = await db.Entries.AsNoTracking().Where(e => ids.Contains(e.CustomerId)).OrderBy(e => e.Id).ToListAsync();
        var wallets = await db.Wallets.AsNoTracking().Where(w => ids.Contains(w.CustomerId)).ToDictionaryAsync(w => w.CustomerId, w => w.Balance.Minor);

        ids.Select(id => wallets[id]).ShouldBe(Model.Wallets);
        wallets.Values.ShouldAllBe(balance => balance >= 0);
        entries.GroupBy(e => e.MovementId).ShouldAllBe(m => m.Count() == 2 && m.Sum(e => e.Amount.Minor) == 0);
        foreach (var id in ids)
        {
            entries.Where(e => e.CustomerId == id && e.Account == LedgerAccount.Wallet).Sum(e => e.Amount.Minor).ShouldBe(wallets[id]);
            CheckRunningBalance(entries.Where(e => e.CustomerId == id && e.Account == LedgerAccount.Wallet));
        }

        var (provider, sales, deducted) = (Sum(LedgerAccount.Provider), Sum(LedgerAccount.Sales), Sum(LedgerAccount.Adjustment));
        (-provider, sales, deducted).ShouldBe((Model.Provider, Model.Sales, Model.Deducted));
        (wallets.Values.Sum() + sales).ShouldBe(Model.Provider - Model.Deducted, "what is there is what came in less what went out");
        (await LedgerAudit.Of(db)).ShouldBe(new LedgerAudit(0, 0));

        long Sum(LedgerAccount account) => entries.Where(e => e.Account == account).Sum(e => e.Amount.Minor);
    }

    private static void CheckRunningBalance(IEnumerable<LedgerEntry> entries)
    {
        var balance = 0L;
        foreach (var entry in entries)
        {
            balance += entry.Amount.Minor;
            entry.BalanceAfter!.Value.Minor.ShouldBe(balance);
        }
    }

    private Guid IdOf(int sale)
    {
        if (!_sales.TryGetValue(sale, out var id))
        {
            _sales[sale] = id = Part<IdSource>().Next();
        }

        return id;
    }

    private T Part<T>()
        where T : notnull => _parts.GetRequiredService<T>();

    private static string Code(Error? error) => error?.Kind.Code ?? "";
}
