namespace Souk.Platform.Persistence;

/// <summary>Random parts of pauses, so that writers who met don't meet again.</summary>
/// <param name="seed">What decides them.</param>
public sealed class Jitter(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>A pause that doubles with each try, half of it by chance.</summary>
    public TimeSpan Pause(TimeSpan shortest, int tries)
    {
        lock (_random)
        {
            return shortest * (1 << tries) * (0.5 + (_random.NextDouble() / 2));
        }
    }
}
