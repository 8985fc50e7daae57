using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Customers.Accounts;
using Souk.Customers.Sessions;
using Souk.Platform.Errors;
using Souk.Platform.Security;

namespace Souk.Customers.Factors;

/// <summary>
/// Who may change an account's factors: its owner. A token alone is not enough; where there is a factor it must have been shown just
/// now, and where there is none yet the password must be known, so that a stolen token can't lock its owner out.
/// </summary>
internal sealed class FactorOwner(IDbContextFactory<CustomersDb> contexts, Passwords passwords, Guesses guesses, StepUp stepUp)
{
    /// <summary>The caller's account, as it is now.</summary>
    public async Task<Result<Customer>> Find(Caller caller)
    {
        await using var db = await contexts.CreateDbContextAsync();
        return await Find(db, caller);
    }

    /// <summary>The caller's account, inside a write; refused when its factor was not shown just now.</summary>
    public async Task<Result<Customer>> WithFactor(CustomersDb db, Caller caller) =>
        (await Find(db, caller)).Refused(out var missing, out var customer) ? missing
            : stepUp.Check(caller, customer.SecondFactor) is { } needed ? needed
            : customer;

    /// <summary>The caller's account; refused when its factor was not shown just now, or the password is wrong where there is no factor.</summary>
    public async Task<Result<Customer>> WithPassword(Caller caller, Origin origin, string? password)
    {
        await using var db = await contexts.CreateDbContextAsync();
        if ((await WithFactor(db, caller)).Refused(out var refused, out var customer) || customer.SecondFactor)
        {
            return refused is null ? customer! : refused;
        }

        if (password is null)
        {
            return CustomersErrors.CurrentPasswordWrong.With("Send the password as current_password along with the first factor.");
        }

        return (await guesses.Run(customer.Username, origin, () => passwords.Check(customer.PasswordHash, password))).Refused(out var notNow, out var check) ? notNow
            : check.Right ? customer
            : CustomersErrors.CurrentPasswordWrong.With("The current password is another one.");
    }

    private static async Task<Result<Customer>> Find(CustomersDb db, Caller caller) =>
        await db.Customers.SingleOrDefaultAsync(c => c.Id == caller.Id && c.DeletedAt == null) is { } customer ? customer : ShopErrors.NoCustomer(caller.Username);
}
