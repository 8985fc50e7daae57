using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Souk.Customers.Accounts;

namespace Souk.Customers.Factors;

/// <summary>
/// Lets ASP.NET Core Identity find customers and their passkeys. It asks and never writes: what it has checked is written by the use
/// cases, through the service's one writer.
/// </summary>
internal sealed class PasskeyStore(IDbContextFactory<CustomersDb> contexts) : IUserPasskeyStore<Customer>
{
    public Task<string> GetUserIdAsync(Customer user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString());

    public Task<string?> GetUserNameAsync(Customer user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Username);

    public Task<string?> GetNormalizedUserNameAsync(Customer user, CancellationToken cancellationToken) => Task.FromResult(user.UsernameKey);

    public async Task<Customer?> FindByIdAsync(string userId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return Guid.TryParse(userId, CultureInfo.InvariantCulture, out var id)
            ? await db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id && c.DeletedAt == null, cancellationToken)
            : null;
    }

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Customer user, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var own = await db.Passkeys.AsNoTracking().Where(p => p.CustomerId == user.Id).ToListAsync(cancellationToken);
        return own.ConvertAll(p => p.Info());
    }

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(Customer user, byte[] credentialId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return (await db.Passkeys.AsNoTracking().SingleOrDefaultAsync(p => p.CustomerId == user.Id && p.CredentialId == credentialId, cancellationToken))?.Info();
    }

    public async Task<Customer?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Customers.AsNoTracking().SingleOrDefaultAsync(c => db.Passkeys.Any(p => p.CustomerId == c.Id && p.CredentialId == credentialId), cancellationToken);
    }

    public Task<Customer?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw NotHere();

    public Task SetUserNameAsync(Customer user, string? userName, CancellationToken cancellationToken) => throw NotHere();

    public Task SetNormalizedUserNameAsync(Customer user, string? normalizedName, CancellationToken cancellationToken) => throw NotHere();

    public Task<IdentityResult> CreateAsync(Customer user, CancellationToken cancellationToken) => throw NotHere();

    public Task<IdentityResult> UpdateAsync(Customer user, CancellationToken cancellationToken) => throw NotHere();

    public Task<IdentityResult> DeleteAsync(Customer user, CancellationToken cancellationToken) => throw NotHere();

    public Task AddOrUpdatePasskeyAsync(Customer user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw NotHere();

    public Task RemovePasskeyAsync(Customer user, byte[] credentialId, CancellationToken cancellationToken) => throw NotHere();

    public void Dispose()
    {
        // Each question opens and closes its own context.
    }

    /// <summary>Identity's handler of passkeys over this store; of the rest of Identity nothing is used.</summary>
    public PasskeyHandler<Customer> Handler(IServiceProvider services)
    {
        var users = new UserManager<Customer>(
            this, Options.Create(new IdentityOptions()), new PasswordHasher<Customer>(), [], [], new UpperInvariantLookupNormalizer(), new IdentityErrorDescriber(), services,
            services.GetRequiredService<ILogger<UserManager<Customer>>>());
        return new PasskeyHandler<Customer>(users, Options.Create(services.GetRequiredService<PasskeyRules>().Options()));
    }

    private static NotSupportedException NotHere() => new("Accounts are written by the use cases, through the writer.");
}
