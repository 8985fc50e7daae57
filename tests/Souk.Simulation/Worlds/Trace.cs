namespace Souk.Simulation.Worlds;

/// <summary>What happens in a world, as a number that tells two runs apart and, if somebody reads it, as lines.</summary>
internal sealed class Trace(Action<string>? read)
{
    /// <summary>The number: FNV-1a over all that happened (https://datatracker.ietf.org/doc/html/draft-eastlake-fnv).</summary>
    public ulong Hash { get; private set; } = 14695981039346656037;

    /// <summary>How often each thing happened.</summary>
    public Dictionary<string, int> Counts { get; } = new(StringComparer.Ordinal);

    /// <summary>Notes something.</summary>
    /// <param name="now">When.</param>
    /// <param name="who">To whom.</param>
    /// <param name="what">What.</param>
    /// <param name="which">Which one, or how many.</param>
    public void Note(TimeSpan now, string who, string what, Guid which)
    {
        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(Counts, what, out _)++;
        Add((ulong)now.Ticks);
        Add(who[0] | ((ulong)who[^1] << 16) | ((ulong)what[0] << 32) | ((ulong)what.Length << 48));
        Span<ulong> id = stackalloc ulong[2];
        which.TryWriteBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(id));
        Add(id[0] ^ id[1]);
        read?.Invoke($"{now:mm\\:ss\\.fffffff} {who}: {what}{(which == Guid.Empty ? "" : $" {which.ToString()[..8]}")}");
    }

    private void Add(ulong value) => Hash = (Hash ^ value) * 1099511628211;
}
