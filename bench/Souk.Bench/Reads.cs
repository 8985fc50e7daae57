using System.Net.Http.Json;
using System.Text.Json;

namespace Souk.Bench;

/// <summary>GETs by wrk.</summary>
/// <param name="address">Of whom.</param>
/// <param name="folder">Where the list of paths may lie.</param>
/// <param name="processorSeconds">What the processes have taken so far.</param>
internal sealed class Reads(Uri address, string folder, Func<Dictionary<string, double>> processorSeconds)
{
    private const int PagesMost = 500;

    /// <summary>Reads random ones of these paths at full speed for a time.</summary>
    public async Task<Reading> Run(IEnumerable<string> paths, TimeSpan duration)
    {
        var file = Path.Combine(folder, "paths");
        await File.WriteAllLinesAsync(file, paths);
        var before = processorSeconds();
        var report = await Wrk.Run("get.lua", address, duration, Plan.Connections, file);
        return report.Refused + report.Broken == 0
            ? new Reading(report.Served / report.Seconds, ProcessorTime.MicrosEach(before, processorSeconds(), report.Served))
            : throw new IOException($"{report.Refused} of {report.Answers} GETs failed and {report.Broken} got no answer.");
    }

    /// <summary>The paths of the pages that a list has, found by following it.</summary>
    public async Task<IReadOnlyList<string>> Pages(string first)
    {
        using var http = Http.Client(address, 1);
        var pages = new List<string>();
        for (string? path = first; path is not null && pages.Count < PagesMost;)
        {
            pages.Add(path);
            var next = (await http.GetFromJsonAsync<JsonElement>(path)).GetProperty("next").GetString();
            path = next is null ? null : $"{first}&after={Uri.EscapeDataString(next)}";
        }

        return pages;
    }
}
