namespace Souk.Platform.Values;

/// <summary>Where new identifiers come from: UUIDv7 (RFC 9562), so that they sort by the time they were made.</summary>
/// <param name="time">The clock they are stamped from.</param>
public class IdSource(TimeProvider time)
{
    /// <summary>A new identifier, never given before. Virtual, so that a simulation can own it.</summary>
    public virtual Guid Next() => Guid.CreateVersion7(time.GetUtcNow());
}
