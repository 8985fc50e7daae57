using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Security;

namespace Souk.Customers.Sessions;

/// <summary>Tells which sessions count: this service at each request, the others by the list of those that ended.</summary>
internal sealed class SessionState(IDbContextFactory<CustomersDb> contexts, TimeProvider time)
{
    private static readonly Func<CustomersDb, Guid, Guid, DateTime, Task<bool>> IsOpen =
        EF.CompileAsyncQuery((CustomersDb db, Guid id, Guid customer, DateTime now) => db.Sessions.Any(s => s.Id == id && s.CustomerId == customer && s.EndsAt > now));

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapInternal<EndedSessionList>("/internal/ended-sessions", async http =>
            long.TryParse(http.Request.Query["since"], out var since) && since is > 0 and < 253_402_300_799_000
                ? await http.RequestServices.GetRequiredService<SessionState>().EndedSince(DateTimeOffset.FromUnixTimeMilliseconds(since).UtcDateTime, http.RequestAborted)
                : CommonErrors.BadRequest.With("since is a time in milliseconds since 1970."));

    /// <summary>Whether the session of a token still counts.</summary>
    public async ValueTask<bool> StillSignedIn(Caller caller, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await IsOpen(db, caller.SessionId, caller.Id, time.GetUtcNow().UtcDateTime);
    }

    /// <summary>What ended since then while an access token of it may still be valid; a session that ended by itself long after its last token needs no telling.</summary>
    private async Task<EndedSessionList> EndedSince(DateTime since, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var now = time.GetUtcNow().UtcDateTime;
        var ended = await db.Sessions.AsNoTracking().Where(s => s.EndsAt >= since && s.EndsAt <= now)
            .OrderBy(s => s.EndsAt).Take(EndedSessionList.Most).Select(s => new { s.Id, s.UsedAt, s.EndsAt }).ToListAsync(stop);
        return new EndedSessionList(
            [.. ended.Where(s => s.EndsAt < s.UsedAt + SessionTimes.OfAccessToken).Select(s => s.Id)],
            ended.Count == EndedSessionList.Most ? new DateTimeOffset(ended[^1].EndsAt).ToUnixTimeMilliseconds() : null);
    }
}
