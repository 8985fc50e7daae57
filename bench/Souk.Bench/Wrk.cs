using System.Globalization;
using System.Text.Json;

namespace Souk.Bench;

/// <summary>What wrk measured.</summary>
/// <param name="Answers">How many answers came.</param>
/// <param name="Refused">How many of them had a status of 400 or more.</param>
/// <param name="Broken">How many connections or requests failed without an answer.</param>
/// <param name="Micros">How long it took.</param>
/// <param name="MeanMicros">The mean latency.</param>
/// <param name="P99Micros">The latency that one in a hundred exceeded.</param>
internal sealed record WrkReport(long Answers, long Refused, long Broken, long Micros, double MeanMicros, double P99Micros)
{
    public long Served => Answers - Refused;

    public double Seconds => Micros / 1e6;
}

/// <summary>Makes load with wrk: on two threads, each connection sending its next request when it has its answer.</summary>
internal static class Wrk
{
    public const int Threads = 2;

    private static readonly string Scripts = Path.Combine(Machine.Root, "bench", "wrk");

    public static async Task<WrkReport> Run(string script, Uri target, TimeSpan duration, int connections, params string[] arguments)
    {
        var seconds = duration.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        var output = await Tool.Run(
            "wrk",
            ["--threads", $"{Threads}", "--connections", $"{connections}", "--duration", $"{seconds}s", "--timeout", "10s", "--script", Path.Combine(Scripts, script), target.ToString(), "--", .. arguments],
            ("LUA_PATH", Path.Combine(Scripts, "?.lua")));
        return JsonSerializer.Deserialize<WrkReport>(output.Split('\n').Last(l => l.StartsWith('{')), Http.Json)!;
    }
}
