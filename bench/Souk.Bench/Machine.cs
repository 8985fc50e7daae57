using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Souk.Bench;

/// <summary>The machine that is measured.</summary>
internal static class Machine
{
    private const int Commits = 200;

    /// <summary>The checkout that this was built from.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    /// <summary>All that figures depend on, a line each.</summary>
    /// <param name="folder">Where the databases will be.</param>
    public static async Task<string> Describe(string folder)
    {
        var processor = Value("/proc/cpuinfo", "model name");
        var memory = long.Parse(Value("/proc/meminfo", "MemTotal").Split(' ')[0], CultureInfo.InvariantCulture) / 1024.0 / 1024;
        var disk = new DriveInfo(folder);
        var load = (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0];
        var (kernel, postgres, commit) = ((await File.ReadAllTextAsync("/proc/sys/kernel/osrelease")).Trim(), await Cluster.Version(), await Commit());
        return string.Create(CultureInfo.InvariantCulture, $"""
            - {Environment.ProcessorCount} processors ({processor}), {memory:0} GiB of memory, load before the start {load}
            - disk: {disk.DriveFormat}, a durable write of 4 KiB takes {CommitMillis(folder):0.00} ms (median of {Commits})
            - Linux {kernel}, .NET {Environment.Version}, {postgres}
            - commit {commit}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC
            """);
    }

    private static string Value(string file, string name) =>
        File.ReadLines(file).Where(l => l.StartsWith(name, StringComparison.Ordinal)).Select(l => l.Split(':', 2)[1].Trim()).FirstOrDefault("unknown");

    /// <summary>How long the disk takes to keep something.</summary>
    private static double CommitMillis(string folder)
    {
        using var file = new FileStream(Path.Combine(folder, "commits"), FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        var times = new double[Commits];
        for (var i = 0; i < times.Length; i++)
        {
            var started = Stopwatch.GetTimestamp();
            file.Write(new byte[4096]);
            file.Flush(flushToDisk: true);
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        return times.Order().ElementAt(Commits / 2);
    }

    private static async Task<string> Commit()
    {
        var commit = (await Tool.Run("git", ["-C", Root, "rev-parse", "--short", "HEAD"])).Trim();
        var changes = await Tool.Run("git", ["-C", Root, "status", "--porcelain", "--untracked-files=no", "--", ".", ":!bench/RESULTS.md", ":!bench/results.svg"]);
        return changes.Length == 0 ? commit : $"{commit} with changes";
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
