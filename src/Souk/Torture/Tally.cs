using System.Collections.Concurrent;

namespace Souk.Torture;

/// <summary>What the buyers have met with.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _faults = new();
    private int _final;

    /// <summary>How many answers were final.</summary>
    public int Final => _final;

    /// <summary>How often each thing was met with, the most frequent first.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> Counts => [.. _counts.OrderByDescending(c => c.Value)];

    /// <summary>Answers that nobody should ever get.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    public int this[string what] => _counts.GetValueOrDefault(what);

    public void Count(string what) => _counts.AddOrUpdate(what, 1, (_, n) => n + 1);

    public void CountFinal(string what)
    {
        Count(what);
        Interlocked.Increment(ref _final);
    }

    public void Fault(string what)
    {
        Count("faults");
        _faults.Enqueue(what);
    }
}
