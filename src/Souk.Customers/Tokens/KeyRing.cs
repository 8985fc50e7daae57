using Souk.Platform.Security;

namespace Souk.Customers.Tokens;

/// <summary>What a signing key is for at a moment.</summary>
internal enum KeyState
{
    /// <summary>Published, so that everybody knows it by the time it signs.</summary>
    Next,

    /// <summary>It signs new tokens.</summary>
    Signing,

    /// <summary>It signs nothing any more; what it has signed is valid until it is retired.</summary>
    Retiring,
}

/// <summary>
/// The signing keys that count at a moment, and which of them signs. A key takes its turn by its age alone, so every instance and
/// every restart agrees without anybody telling them.
/// </summary>
internal sealed class KeyRing
{
    /// <summary>
    /// For how long a key is published before it signs. Others take a key set for new for a minute and clocks may differ by another;
    /// the rest is for those who were away for a moment.
    /// </summary>
    public static readonly TimeSpan PublishedBefore = TimeSpan.FromMinutes(5);

    /// <summary>For how long a key is published after the next one was made: until the last token that it signed has expired everywhere.</summary>
    public static readonly TimeSpan PublishedAfter = PublishedBefore + TokenNames.Lifetime + (2 * TokenNames.Skew);

    private readonly DateTime _now;

    public KeyRing(IEnumerable<SigningKey> keys, DateTime now)
    {
        _now = now;
        Published = [.. keys.Where(k => k.RetiredAt is not { } end || end > now).OrderBy(k => k.CreatedAt).ThenBy(k => k.Kid, StringComparer.Ordinal)];
        Signer = Published.LastOrDefault(k => k.CreatedAt + PublishedBefore <= now) ?? (Published.Count > 0 ? Published[0] : null);
    }

    /// <summary>All with which a token can be valid now, in the order in which they were made.</summary>
    public IReadOnlyList<SigningKey> Published { get; }

    /// <summary>The newest that was published for long enough; the oldest where none was. Null only before the first key.</summary>
    public SigningKey? Signer { get; }

    /// <summary>The key that will sign next, or null when none waits for its turn.</summary>
    public SigningKey? Next => Published.LastOrDefault(k => StateOf(k) == KeyState.Next);

    public KeyState StateOf(SigningKey key) =>
        key == Signer ? KeyState.Signing : key.CreatedAt + PublishedBefore > _now ? KeyState.Next : KeyState.Retiring;
}
