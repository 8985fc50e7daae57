using Microsoft.EntityFrameworkCore;
using Souk.Customers.Accounts;
using Souk.Customers.Tokens;
using Souk.Customers.Wallets;
using Souk.Platform.Holds;
using Souk.Platform.Persistence;

namespace Souk.Customers;

/// <summary>Customers' model and its constraints.</summary>
internal sealed class CustomersDb(DbContextOptions<CustomersDb> options) : ServiceDb(options)
{
    /// <summary>The entries that are ever looked for: those of wallets, not their counterparts.</summary>
    private const string OfWallets = "account = 'Wallet'";

    public DbSet<Customer> Customers => Set<Customer>();

    public DbSet<Wallet> Wallets => Set<Wallet>();

    public DbSet<LedgerEntry> Entries => Set<LedgerEntry>();

    public DbSet<MoneyHold> Holds => Set<MoneyHold>();

    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    protected override void Describe(ModelBuilder model)
    {
        model.Entity<Customer>(customer =>
        {
            customer.ToTable("customers", t => t.HasCheckConstraint("ck_customers_age", "age >= 0"));
            customer.Property(c => c.Id).ValueGeneratedNever();
            customer.HasIndex(c => c.UsernameKey).IsUnique();

            // With the key by which the list is cut into pages, so that a page is read off the index and nothing is sorted.
            customer.HasIndex(c => new { c.Role, c.UsernameKey });
            customer.HasIndex(c => new { c.MaritalStatus, c.UsernameKey });
            customer.Property(c => c.Version).IsConcurrencyToken();
        });
        model.Entity<Wallet>(wallet =>
        {
            wallet.ToTable("wallets", t => t.HasCheckConstraint("ck_wallets_balance", "balance >= 0"));
            wallet.HasKey(w => w.CustomerId);
            wallet.Property(w => w.Closed).HasDefaultValue(false);
            wallet.HasOne<Customer>().WithOne().HasForeignKey<Wallet>(w => w.CustomerId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<LedgerEntry>(entry =>
        {
            entry.ToTable("ledger_entries");

            // No foreign key to the wallet: every sale adds entries, and a check of each would cost it; an audit proves the link.
            entry.HasIndex(e => new { e.CustomerId, e.Id }).HasFilter(OfWallets);
        });
        model.Entity<MoneyHold>().ToTable("money_holds");
        HoldModel.Describe<MoneyHold>(model);
        model.Entity<SigningKey>().ToTable("signing_keys").HasKey(k => k.Kid);
    }
}
