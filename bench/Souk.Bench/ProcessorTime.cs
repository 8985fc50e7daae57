using System.Globalization;

namespace Souk.Bench;

/// <summary>The processor time that processes have taken, from <c>/proc</c>.</summary>
internal static class ProcessorTime
{
    private const double TicksPerSecond = 100; // Linux shows all programs this unit, whatever the kernel counts in.

    /// <summary>Of one process, in seconds.</summary>
    public static double Of(int process) => Fields(process) is { } f ? (f[11] + f[12]) / TicksPerSecond : 0;

    /// <summary>Of the programs that this process started and that have ended, in seconds.</summary>
    public static double OfEndedChildren() => Fields(Environment.ProcessId) is { } f ? (f[13] + f[14]) / TicksPerSecond : 0;

    /// <summary>Of a process and all that it has started, those that have ended too.</summary>
    public static double OfFamily(int parent)
    {
        var all = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Select(n => int.TryParse(n, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0);
        var children = all.Select(Fields).Where(f => f is not null && (int)f[1] == parent).Sum(f => f![11] + f[12]);
        return Fields(parent) is { } own ? (own[11] + own[12] + own[13] + own[14] + children) / TicksPerSecond : 0;
    }

    /// <summary>What each of so many purchases or requests took between two looks, in microseconds by process.</summary>
    public static Dictionary<string, double> MicrosEach(Dictionary<string, double> before, Dictionary<string, double> after, long count) =>
        after.ToDictionary(p => p.Key, p => (p.Value - before[p.Key]) / Math.Max(1, count) * 1e6);

    /// <summary>Memory of one process that is in use, in MiB.</summary>
    public static double ResidentMegabytes(int process) => Fields(process) is { } f ? f[21] * Environment.SystemPageSize / (1024 * 1024) : 0;

    /// <summary>The numbers of a stat file from the third on; the second, a name, may have spaces and ends with the last parenthesis.</summary>
    private static double[]? Fields(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return [.. text[(text.LastIndexOf(')') + 2)..].Split(' ').Select(x => double.TryParse(x, CultureInfo.InvariantCulture, out var n) ? n : 0)];
        }
        catch (IOException)
        {
            return null; // It ended meanwhile.
        }
    }
}
