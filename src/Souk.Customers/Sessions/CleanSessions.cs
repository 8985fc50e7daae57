using Microsoft.EntityFrameworkCore;
using Souk.Platform.Events;

namespace Souk.Customers.Sessions;

/// <summary>What signing in leaves behind, and from when on nobody needs it.</summary>
internal static class CleanSessions
{
    /// <summary>The other services hear of an ended session for a quarter of an hour.</summary>
    private static readonly TimeSpan Told = TimeSpan.FromHours(1);

    public static AlsoClean<CustomersDb> Rule { get; } = new(async (db, now, most) =>
    {
        var (ended, forgotten) = (now - Told, now - GuessLimits.Remembered);
        return await db.Sessions.Where(s => s.EndsAt < ended).OrderBy(s => s.EndsAt).Take(most).ExecuteDeleteAsync()
            + await db.Guesses.Where(g => g.At < forgotten).OrderBy(g => g.At).Take(most).ExecuteDeleteAsync()
            + await db.PasswordResets.Where(r => r.EndsAt < now).OrderBy(r => r.EndsAt).Take(most).ExecuteDeleteAsync();
    });
}
