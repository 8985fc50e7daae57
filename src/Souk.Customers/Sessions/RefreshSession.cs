using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Souk.Customers.Tokens;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.Sessions;

/// <summary>A refresh token.</summary>
internal sealed class RefreshRequest
{
    public static readonly RefreshRequest Example = new() { RefreshToken = "AZk-KgAAcACAAAAAAAAABwIvT4…" };

    /// <summary>The refresh token of the last answer.</summary>
    [Text(1, 200, Secret = true)]
    public required string RefreshToken { get; set; }
}

/// <summary>
/// Trades a refresh token for the next two tokens of its session. Each works once: a second use means that somebody else has it,
/// and since nobody can tell who of the two is the customer, it ends the session for both.
/// </summary>
internal sealed partial class RefreshSession(GroupCommit<CustomersDb> writer, SessionTimes times, TokenIssuer issuer, TimeProvider time, ILogger<RefreshSession> log)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPost("/tokens/refresh", async (Body<RefreshRequest> body, RefreshSession use, HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            return (await use.Run(body.Value.RefreshToken)).Ok();
        })
        .WithTags("tokens").Allow(Access.Anyone)
        .Describe("Refresh a session", "Answers with a new access token and the next refresh token. A refresh token works once; used twice, it ends its session, and the customer signs in again.")
        .Takes(RefreshRequest.Example)
        .Answers(200, IssuedToken.Example)
        .Refuses(CustomersErrors.RefreshTokenInvalid);

    private async Task<Result<IssuedToken>> Run(string text)
    {
        if (!RefreshToken.TryRead(text, out var token))
        {
            return Invalid;
        }

        var next = token.Next();
        if ((await writer.Write(db => Turn(db, token, next))).Refused(out var failed, out var signedIn))
        {
            return failed;
        }

        return signedIn is null ? Invalid : IssuedToken.Of(await issuer.Issue(signedIn.Customer, signedIn.Session), signedIn.RefreshToken!);
    }

    private static Error Invalid => CustomersErrors.RefreshTokenInvalid.With("Sign in again.");

    /// <summary>Null when the token does not count. That is no refusal of the write: the end of a session has to be stored.</summary>
    private async Task<Result<SignedIn?>> Turn(CustomersDb db, RefreshToken token, RefreshToken next)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var session = await db.Sessions.SingleOrDefaultAsync(s => s.Id == token.Session && s.EndsAt > now);
        if (session is null || !token.IsOf(session))
        {
            return (SignedIn?)null;
        }

        if (!CryptographicOperations.FixedTimeEquals(session.TurnHash, token.TurnHash))
        {
            LogUsedTwice(session.Id, session.CustomerId);
            session.EndsAt = now;
            return (SignedIn?)null;
        }

        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == session.CustomerId);
        if (customer is not { DeletedAt: null, DisabledAt: null } || session.StartedAt < customer.PasswordSetAt)
        {
            // One that was opened with an older password lives no longer than its access token, where the first contract left it that.
            return (SignedIn?)null;
        }

        (session.TurnHash, session.UsedAt, session.EndsAt) = (next.TurnHash, now, times.EndOf(session.StartedAt, now));
        return new SignedIn(customer, session, next.ToString());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A refresh token of session {Session} was used twice; the session of customer {Customer} was ended.")]
    private partial void LogUsedTwice(Guid session, Guid customer);
}
