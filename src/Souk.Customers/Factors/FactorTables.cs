using Microsoft.EntityFrameworkCore;
using Souk.Customers.Accounts;
using Souk.Customers.Sessions;
using Souk.Platform.Encryption;
using Souk.Platform.Security;

namespace Souk.Customers.Factors;

/// <summary>The part of the model that is about second factors, and what is done to all of it at once.</summary>
internal static class FactorTables
{
    public static void Describe(ModelBuilder model)
    {
        model.Entity<Authenticator>(authenticator =>
        {
            authenticator.ToTable("authenticators").HasKey(a => a.CustomerId);
            authenticator.Sealed(a => a.Secret);
            authenticator.HasOne<Customer>().WithOne().HasForeignKey<Authenticator>(a => a.CustomerId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<RecoveryCode>(code =>
        {
            code.ToTable("recovery_codes").HasKey(c => new { c.CustomerId, c.Hash });
            code.HasOne<Customer>().WithMany().HasForeignKey(c => c.CustomerId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<Passkey>(passkey =>
        {
            passkey.ToTable("passkeys").Property(p => p.Id).ValueGeneratedNever();
            passkey.HasIndex(p => p.CredentialId).IsUnique();
            passkey.HasOne<Customer>().WithMany().HasForeignKey(p => p.CustomerId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<PasskeyChallenge>(challenge =>
        {
            challenge.ToTable("passkey_challenges").Property(c => c.Id).ValueGeneratedNever();
            challenge.HasIndex(c => c.ExpiresAt);
        });
    }

    /// <summary>Takes all of a customer's factors away, inside a write.</summary>
    public static async Task RemoveFactors(this CustomersDb db, Customer customer)
    {
        await db.Authenticators.Where(a => a.CustomerId == customer.Id).ExecuteDeleteAsync();
        await db.Passkeys.Where(p => p.CustomerId == customer.Id).ExecuteDeleteAsync();
        await db.PasskeyChallenges.Where(c => c.CustomerId == customer.Id).ExecuteDeleteAsync();
        await db.RecoveryCodes.Where(c => c.CustomerId == customer.Id).ExecuteDeleteAsync();
        customer.SecondFactor = false;
    }

    /// <summary>Notes after the removal of one factor whether any is left, inside a write. Recovery codes stand in for a factor, and are none themselves.</summary>
    public static async Task NoteFactorsLeft(this CustomersDb db, Customer customer)
    {
        if (!await db.Authenticators.AnyAsync(a => a.CustomerId == customer.Id && a.ConfirmedAt != null) && !await db.Passkeys.AnyAsync(p => p.CustomerId == customer.Id))
        {
            await db.RemoveFactors(customer);
        }
    }

    /// <summary>
    /// Notes that a factor was added, inside a write. The first one comes with recovery codes, which are told once: here. It ends the other
    /// sessions, which began without it.
    /// </summary>
    public static async Task<IReadOnlyList<string>?> NoteFactorAdded(this CustomersDb db, Customer customer, Caller caller, DateTime now)
    {
        if (customer.SecondFactor)
        {
            return null;
        }

        customer.SecondFactor = true;
        await EndSessions.Of(db, customer.Id, now, but: caller.SessionId);
        return await db.NewRecoveryCodes(customer.Id);
    }

    /// <summary>Gives new recovery codes and takes the old ones back, inside a write.</summary>
    public static async Task<IReadOnlyList<string>> NewRecoveryCodes(this CustomersDb db, Guid customerId)
    {
        await db.RecoveryCodes.Where(c => c.CustomerId == customerId).ExecuteDeleteAsync();
        var codes = Enumerable.Range(0, RecoveryCode.Count).Select(_ => RecoveryCode.New()).ToArray();
        db.AddRange(codes.Select(code => new RecoveryCode { CustomerId = customerId, Hash = RecoveryCode.HashOf(customerId, code)! }));
        return codes;
    }
}
