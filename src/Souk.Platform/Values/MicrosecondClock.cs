namespace Souk.Platform.Values;

/// <summary>
/// The system's clock in whole microseconds, the finest that PostgreSQL keeps: what an answer tells at once is what is read back later.
/// </summary>
public class MicrosecondClock : TimeProvider
{
    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        var now = System.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
