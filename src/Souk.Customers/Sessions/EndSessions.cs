using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Customers.Accounts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.Sessions;

/// <summary>Which session.</summary>
internal sealed class SessionPath
{
    /// <summary>The customer's handle.</summary>
    [Text(1, 100)]
    public required string Username { get; set; }

    /// <summary>The session.</summary>
    public required Guid SessionId { get; set; }
}

/// <summary>Ends sessions: one, all of a customer's, or that of a refresh token. Customers refuses their access tokens at once, the other services within seconds.</summary>
internal sealed class EndSessions(GroupCommit<CustomersDb> writer, TimeProvider time)
{
    private const string How = "Its refresh token is worth nothing any more. Its access tokens are refused here at once and by the other services within five seconds.";

    public static void Map(IEndpointRouteBuilder v2)
    {
        v2.MapPost("/tokens/revocation", async (Body<RefreshRequest> body, EndSessions use) => (await use.Revoke(body.Value.RefreshToken)).NoContent())
            .WithTags("tokens").Allow(Access.Anyone)
            .Describe("Sign out", $"Ends the session of a refresh token. {How} A token that does not count is answered alike (RFC 7009).")
            .Takes(RefreshRequest.Example).Answers(204);
        v2.MapDelete("/customers/{username}/sessions/{session_id}", async (Params<SessionPath> at, Caller caller, EndSessions use) =>
                (await use.One(caller, at.Value.Username, at.Value.SessionId)).NoContent())
            .WithTags("sessions").Allow(Access.Self("username", Permissions.CustomersWrite, ShopErrors.NoCustomer))
            .Describe("End a session", How)
            .Answers(204).Refuses(ShopErrors.CustomerNotFound, CustomersErrors.SessionNotFound);
        v2.MapDelete("/customers/{username}/sessions", async (Params<CustomerPath> at, Caller caller, EndSessions use) => (await use.All(caller, at.Value.Username)).NoContent())
            .WithTags("sessions").Allow(Access.Self("username", Permissions.CustomersWrite, ShopErrors.NoCustomer))
            .Describe("End all sessions", "The caller's own too: everybody signs in again.")
            .Answers(204).Refuses(ShopErrors.CustomerNotFound);
    }

    /// <summary>Ends all sessions of a customer inside a write.</summary>
    /// <param name="db">The write's model.</param>
    /// <param name="customerId">The customer.</param>
    /// <param name="now">Now (UTC).</param>
    /// <param name="but">The one that goes on, or null.</param>
    public static Task Of(CustomersDb db, Guid customerId, DateTime now, Guid? but = null) =>
        db.Sessions.Where(s => s.CustomerId == customerId && s.EndsAt > now && s.Id != but).ExecuteUpdateAsync(s => s.SetProperty(x => x.EndsAt, now));

    private Task<Result<Done>> One(Caller caller, string username, Guid id) => writer.Write<Done>(async db =>
    {
        if ((await db.Customers.For(caller, username, Permissions.CustomersWrite)).Refused(out var missing, out var customer))
        {
            return missing;
        }

        var now = time.GetUtcNow().UtcDateTime;
        return await db.Sessions.SingleOrDefaultAsync(s => s.Id == id && s.CustomerId == customer.Id && s.EndsAt > now) is { } session
            ? End(session, now)
            : CustomersErrors.SessionNotFound.With($"'{username}' has no session {id}.");
    });

    private Task<Result<Done>> All(Caller caller, string username) => writer.Write<Done>(async db =>
    {
        if ((await db.Customers.For(caller, username, Permissions.CustomersWrite)).Refused(out var missing, out var customer))
        {
            return missing;
        }

        await Of(db, customer.Id, time.GetUtcNow().UtcDateTime);
        return default(Done);
    });

    private Task<Result<Done>> Revoke(string text) => writer.Write<Done>(async db =>
    {
        var now = time.GetUtcNow().UtcDateTime;
        return RefreshToken.TryRead(text, out var token) && await db.Sessions.SingleOrDefaultAsync(s => s.Id == token.Session && s.EndsAt > now) is { } session && token.IsOf(session)
            ? End(session, now)
            : default(Done);
    });

    private static Done End(Session session, DateTime now)
    {
        session.EndsAt = now;
        return default;
    }
}
