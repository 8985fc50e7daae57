using Microsoft.EntityFrameworkCore;
using Souk.Customers.Accounts;
using Souk.Customers.Factors;
using Souk.Customers.Payments;
using Souk.Customers.Privacy;
using Souk.Customers.Resets;
using Souk.Customers.Roles;
using Souk.Customers.Sessions;
using Souk.Customers.Tokens;
using Souk.Customers.Wallets;
using Souk.Platform.Encryption;
using Souk.Platform.Holds;
using Souk.Platform.Persistence;

namespace Souk.Customers;

/// <summary>Customers' model and its constraints.</summary>
internal sealed class CustomersDb(DbContextOptions<CustomersDb> options) : ServiceDb(options)
{
    /// <summary>The entries that are ever looked for: those of wallets, not their counterparts.</summary>
    private const string OfWallets = "account = 'Wallet'";

    public DbSet<Customer> Customers => Set<Customer>();

    public DbSet<Role> Roles => Set<Role>();

    public DbSet<Wallet> Wallets => Set<Wallet>();

    public DbSet<LedgerEntry> Entries => Set<LedgerEntry>();

    public DbSet<MoneyHold> Holds => Set<MoneyHold>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<Authenticator> Authenticators => Set<Authenticator>();

    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();

    public DbSet<Passkey> Passkeys => Set<Passkey>();

    public DbSet<PasskeyChallenge> PasskeyChallenges => Set<PasskeyChallenge>();

    public DbSet<Guess> Guesses => Set<Guess>();

    public DbSet<PasswordReset> PasswordResets => Set<PasswordReset>();
    public DbSet<Payment> Payments => Set<Payment>();

    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    public DbSet<DataExport> Exports => Set<DataExport>();

    public DbSet<ExportPage> ExportPages => Set<ExportPage>();

    public DbSet<Erasure> Erasures => Set<Erasure>();

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
            customer.Property(c => c.SecondFactor).HasDefaultValue(false);
            customer.Sealed(c => c.Name, c => c.Address);

            // A role in use is not deleted; should it be gone all the same, it lets nobody do anything.
            customer.HasOne(c => c.Held).WithMany().HasForeignKey(c => c.Role).OnDelete(DeleteBehavior.Restrict).HasAnnotation(Unenforced, true);
        });
        model.Entity<Role>(role =>
        {
            role.ToTable("roles").HasKey(r => r.Name);
            role.Ignore(r => r.Permissions);
            role.Property(r => r.Version).IsConcurrencyToken();
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
        DescribeSignIn(model);
        model.Entity<Payment>(payment =>
        {
            payment.ToTable("payments").Property(p => p.Id).ValueGeneratedNever();
            payment.HasIndex(p => new { p.CustomerId, p.CreatedAt });
        });
        model.Entity<SigningKey>(key =>
        {
            key.ToTable("signing_keys").HasKey(k => k.Kid);
            key.Sealed(k => k.PrivateKey);
        });

        // The answer to a registration shows the whole profile.
        model.Entity<KeptAnswer>().Sealed(k => k.Value);
        DataKey.Describe(model);
        PrivacyModel.Describe(model);
    }

    private static void DescribeSignIn(ModelBuilder model)
    {
        model.Entity<Session>(session =>
        {
            session.ToTable("sessions");
            session.Property(s => s.Id).ValueGeneratedNever();
            session.HasIndex(s => new { s.CustomerId, s.UsedAt });
            session.HasIndex(s => s.EndsAt);
            session.HasOne<Customer>().WithMany().HasForeignKey(s => s.CustomerId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<Guess>(guess =>
        {
            guess.ToTable("guesses").HasKey(g => g.Key);
            guess.HasIndex(g => g.At);
        });
        model.Entity<PasswordReset>(reset =>
        {
            reset.ToTable("password_resets").HasKey(r => r.CustomerId);
            reset.HasIndex(r => r.TokenHash).IsUnique();
            reset.HasIndex(r => r.EndsAt);
            reset.HasOne<Customer>().WithOne().HasForeignKey<PasswordReset>(r => r.CustomerId).OnDelete(DeleteBehavior.Restrict);
        });
        FactorTables.Describe(model);
    }
}
