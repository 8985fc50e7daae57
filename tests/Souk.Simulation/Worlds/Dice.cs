namespace Souk.Simulation.Worlds;

/// <summary>All chance of a world, decided by its seed (SplitMix64: https://doi.org/10.1145/2660193.2660195).</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    public int From(int least, int most) => least + Below(most - least + 1);

    public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double share) => Share() < share;

    public T OneOf<T>(params ReadOnlySpan<T> things) => things[Below(things.Length)];

    public TimeSpan Time(double leastMilliseconds, double mostMilliseconds) =>
        TimeSpan.FromTicks((long)((leastMilliseconds + (Share() * (mostMilliseconds - leastMilliseconds))) * TimeSpan.TicksPerMillisecond));

    public Guid Id()
    {
        Span<ulong> bits = [Next(), Next()];
        return new Guid(System.Runtime.InteropServices.MemoryMarshal.AsBytes(bits));
    }
}
