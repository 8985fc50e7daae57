using System.Collections.Concurrent;
using Souk.Simulation.Worlds;

namespace Souk.Simulation;

/// <summary>Runs worlds, as many at once as there are processors. The mutants' tests call it by name in assemblies of their own.</summary>
public static class SeedRun
{
    /// <summary>How often each thing happened in all seeds together.</summary>
    public static ConcurrentDictionary<string, long> Counts { get; } = new(StringComparer.Ordinal);

    /// <summary>Runs one seed and tells what happens.</summary>
    /// <returns>The promise that was broken (null if none was), and a number that two runs have in common only when all went alike.</returns>
    public static (string? Broken, ulong Trace) One(int seed, Action<string>? read = null)
    {
        var outer = SynchronizationContext.Current;
        try
        {
            var world = new World((ulong)seed, read);
            var broken = world.Run();
            foreach (var (what, count) in world.Trace.Counts)
            {
                Counts.AddOrUpdate(what, count, (_, before) => before + count);
            }

            return (broken, world.Trace.Hash);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    /// <summary>Runs seeds until one fails.</summary>
    /// <param name="from">The first.</param>
    /// <param name="count">How many.</param>
    /// <param name="progress">Hears now and then how many are done.</param>
    /// <returns>How many were run, and of those that failed the first; its seed is 0 when none did.</returns>
    public static (int Done, int Seed, string? Broken) Many(int from, int count, Action<int>? progress = null)
    {
        var (next, done, failed, broken, turn) = (from - 1, 0, 0, (string?)null, new Lock());
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(Work)).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        return (done, failed, broken);

        void Work()
        {
            for (var seed = Interlocked.Increment(ref next); seed < from + count && Volatile.Read(ref broken) is null; seed = Interlocked.Increment(ref next))
            {
                var found = One(seed).Broken;
                lock (turn)
                {
                    done++;
                    progress?.Invoke(done);
                    if (found is not null && (broken is null || seed < failed))
                    {
                        (failed, broken) = (seed, found);
                    }
                }
            }
        }
    }
}
