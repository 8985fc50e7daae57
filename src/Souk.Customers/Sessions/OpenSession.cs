using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Customers.Accounts;
using Souk.Customers.Factors;
using Souk.Platform.Errors;
using Souk.Platform.Persistence;
using Souk.Platform.Security;
using Souk.Platform.Values;

namespace Souk.Customers.Sessions;

/// <summary>Who has signed in.</summary>
/// <param name="Customer">The customer.</param>
/// <param name="Session">The session.</param>
/// <param name="RefreshToken">What to refresh it with; null where it can't be refreshed.</param>
internal sealed record SignedIn(Customer Customer, Session Session, string? RefreshToken);

/// <summary>Opens a session for somebody who has just shown who they are, by whatever means.</summary>
internal sealed class OpenSession(GroupCommit<CustomersDb> writer, SessionTimes times, IdSource ids, TimeProvider time)
{
    /// <summary>How many sessions with refresh tokens a customer has at most; one more ends the one that was unused for longest.</summary>
    public const int Most = 100;

    /// <summary>Opens it.</summary>
    /// <param name="seen">The customer as they were when they showed who they are.</param>
    /// <param name="origin">Where the request came from.</param>
    /// <param name="refreshable">Whether it lives on by refresh tokens; the first contract's ends with its one access token.</param>
    /// <param name="factorAt">When a second factor was shown (UTC), if one was.</param>
    public Task<Result<SignedIn>> Run(Customer seen, Origin origin, bool refreshable, DateTime? factorAt = null) => writer.Write<SignedIn>(async db =>
    {
        var customer = await db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == seen.Id);
        if (customer is null or { DeletedAt: not null } || customer.PasswordSetAt != seen.PasswordSetAt)
        {
            // All sessions were ended after the password was checked; this one must not slip through.
            return CustomersErrors.InvalidCredentials.With(CustomersErrors.NoSuchCredentials);
        }

        if (customer.DisabledAt is not null)
        {
            return CustomersErrors.AccountDisabled.With("This account was disabled; ask the shop.");
        }

        if (customer.SecondFactor && factorAt is null)
        {
            return FactorErrors.SecondFactorRequired.With(LoginWords.PasswordIsNotEnough);
        }

        var now = time.GetUtcNow().UtcDateTime;
        var id = ids.Next();
        var token = refreshable ? RefreshToken.First(id) : null;
        var session = new Session
        {
            Id = id,
            CustomerId = customer.Id,
            FamilyHash = token?.FamilyHash,
            TurnHash = token?.TurnHash,
            StartedAt = now,
            FactorAt = factorAt,
            UsedAt = now,
            EndsAt = refreshable ? times.EndOf(now, now) : now + SessionTimes.OfAccessToken,
            Address = origin.Address,
            Agent = origin.Agent,
        };
        await MakeRoom(db, customer.Id, now);
        db.Add(session);
        return new SignedIn(customer, session, token?.ToString());
    });

    private static async Task MakeRoom(CustomersDb db, Guid customerId, DateTime now)
    {
        var tooMany = db.Sessions.Where(s => s.CustomerId == customerId && s.FamilyHash != null && s.EndsAt > now).OrderByDescending(s => s.UsedAt).Skip(Most - 1).Select(s => s.Id);
        await db.Sessions.Where(s => tooMany.Contains(s.Id)).ExecuteUpdateAsync(s => s.SetProperty(x => x.EndsAt, now));
    }
}
