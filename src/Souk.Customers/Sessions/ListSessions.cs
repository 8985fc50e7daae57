using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Customers.Accounts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Logging;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.Sessions;

/// <summary>Whose sessions, and which page.</summary>
internal sealed class SessionQuery : PageQuery
{
    /// <summary>The customer's handle.</summary>
    [Text(1, 100)]
    public required string Username { get; set; }
}

/// <summary>A session as its customer sees it.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Current">Whether it is the one that asks.</param>
/// <param name="Address">The network address that signed in.</param>
/// <param name="Agent">What the device called itself.</param>
/// <param name="StartedAt">When it signed in (UTC).</param>
/// <param name="UsedAt">When it last got a token (UTC).</param>
/// <param name="EndsAt">When it ends unless it is refreshed before (UTC).</param>
/// <param name="FactorAt">When it last showed a second factor (UTC).</param>
internal sealed record SessionView(Guid Id, bool Current, [Personal] string Address, [Personal] string Agent, DateTime StartedAt, DateTime UsedAt, DateTime EndsAt, DateTime? FactorAt)
{
    public static readonly SessionView Example = new(
        Guid.Parse("01993e2a-0000-7000-8000-000000000007"), true, "203.0.113.7", "Mozilla/5.0", At(9), At(10), At(10).AddDays(14), null);

    /// <summary>Shows a session.</summary>
    /// <param name="s">It.</param>
    /// <param name="asking">The session that asks, or null when none does.</param>
    public static SessionView Of(Session s, Guid? asking) => new(s.Id, s.Id == asking, s.Address, s.Agent, s.StartedAt, s.UsedAt, s.EndsAt, s.FactorAt);

    private static DateTime At(int hour) => new(2026, 11, 21, hour, 0, 0, DateTimeKind.Utc);
}

/// <summary>Lists where a customer is signed in, the latest used first.</summary>
internal static class ListSessions
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapGet("/customers/{username}/sessions", async (Params<SessionQuery> query, Caller caller, CustomersDb db, TimeProvider time, HttpContext http) =>
            (await Run(db, caller, query.Value, time.GetUtcNow().UtcDateTime, http.RequestAborted)).Ok())
        .WithTags("sessions").Allow(Access.Self("username", Permissions.CustomersRead, ShopErrors.NoCustomer))
        .Describe("List a customer's sessions", "Those that count now, the latest used first.")
        .Answers(200, new Page<SessionView>([SessionView.Example], null))
        .Refuses(ShopErrors.CustomerNotFound);

    private static async Task<Result<Page<SessionView>>> Run(CustomersDb db, Caller caller, SessionQuery query, DateTime now, CancellationToken stop)
    {
        if (Paging.Read<Key>(query.After).Refused(out var wrong, out var after))
        {
            return wrong;
        }

        if ((await db.Customers.AsNoTracking().For(caller, query.Username, Permissions.CustomersRead, stop)).Refused(out var missing, out var customer))
        {
            return missing;
        }

        var rows = await db.Sessions.AsNoTracking()
            .Where(s => s.CustomerId == customer.Id && s.EndsAt > now && (after == null || s.UsedAt < after.UsedAt || (s.UsedAt == after.UsedAt && s.Id.CompareTo(after.Id) < 0)))
            .OrderByDescending(s => s.UsedAt).ThenByDescending(s => s.Id).Take(query.Limit + 1).ToListAsync(stop);
        return Paging.Of(rows, query.Limit, s => SessionView.Of(s, caller.SessionId), s => new Key(s.UsedAt, s.Id));
    }

    private sealed record Key(DateTime UsedAt, Guid Id);
}
