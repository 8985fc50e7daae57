namespace Souk.Platform.Values;

/// <summary>Moments as they are stored.</summary>
public static class Moments
{
    /// <summary>Now (UTC), to the microsecond: PostgreSQL keeps no more, and what is told must be what is read later.</summary>
    public static DateTime Of(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var now = time.GetUtcNow().UtcDateTime;
        return new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);
    }
}
