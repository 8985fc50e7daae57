using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Customers.Accounts;
using Souk.Customers.Sessions;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.Resets;

/// <summary>A new password, and what allows it.</summary>
internal sealed class ResetCompletion
{
    /// <summary>The token of the letter.</summary>
    [Text(1, 100, Secret = true)]
    public required string Token { get; set; }

    /// <summary>The new password. Any but the commonest.</summary>
    [Text(Customer.PasswordLeast, Customer.PasswordMost, Secret = true)]
    public required string Password { get; set; }
}

/// <summary>Sets a new password by the token of a letter, once, and ends all sessions. A second factor stays as it is.</summary>
internal sealed class CompleteReset(IDbContextFactory<CustomersDb> contexts, GroupCommit<CustomersDb> writer, Passwords passwords, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPost("/password-resets/completion", async (Body<ResetCompletion> body, Origin origin, CompleteReset use) => (await use.Run(body.Value, origin)).NoContent())
        .WithTags("tokens").Allow(Access.Anyone)
        .Describe("Reset a password", "Sets it by the token of a letter, once, and ends all sessions of the customer.")
        .Takes(new ResetCompletion { Token = "nEwT7mT0…", Password = "SecurePass123" })
        .Answers(204)
        .Refuses(CustomersErrors.ResetTokenInvalid, CustomersErrors.CommonPassword);

    private async Task<Result<Done>> Run(ResetCompletion wanted, Origin origin)
    {
        // The token is looked at first: hashing is dear, and nobody gets it for nothing.
        var digest = PasswordReset.DigestOf(wanted.Token);
        if (!await Counts(digest))
        {
            return Invalid;
        }

        if (CommonPasswords.Check(wanted.Password) is { } common)
        {
            return common;
        }

        return (await passwords.Hash(wanted.Password)).Refused(out var busy, out var hash) ? busy : await writer.Write(db => Set(db, digest, hash, origin));
    }

    private static Error Invalid => CustomersErrors.ResetTokenInvalid.With("Ask for another one.");

    private async Task<bool> Counts(byte[] digest)
    {
        await using var db = await contexts.CreateDbContextAsync();
        return await Valid(db, digest).AnyAsync();
    }

    private async Task<Result<Done>> Set(CustomersDb db, byte[] digest, string hash, Origin origin)
    {
        if (await Valid(db, digest).SingleOrDefaultAsync() is not { } reset || await db.Customers.SingleOrDefaultAsync(c => c.Id == reset.CustomerId && c.DisabledAt == null) is not { } customer)
        {
            return Invalid;
        }

        var now = time.GetUtcNow().UtcDateTime;
        db.Remove(reset);
        (customer.PasswordHash, customer.PasswordSetAt) = (hash, now);
        customer.Changed(now);
        await EndSessions.Of(db, customer.Id, now);
        return await Guesses.Forgive(db, customer.Username, origin);
    }

    private IQueryable<PasswordReset> Valid(CustomersDb db, byte[] digest)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return db.PasswordResets.Where(r => r.TokenHash == digest && r.EndsAt > now);
    }
}
