using Souk.Platform.Values;

namespace Souk.Testing;

/// <summary>The system's clock with an offset that a test can change; timers run as ever.</summary>
public sealed class MovableClock : MicrosecondClock
{
    private TimeSpan _offset;

    /// <summary>Moves the clock.</summary>
    public void Advance(TimeSpan by) => _offset += by;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _offset;

    /// <inheritdoc/>
    public override long GetTimestamp() => base.GetTimestamp() + (long)(_offset.TotalSeconds * TimestampFrequency);
}
