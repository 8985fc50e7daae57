using System.Globalization;
using Spectre.Console;

namespace Souk.Bench;

/// <summary>Shows the results on the screen and in <c>bench/RESULTS.md</c>.</summary>
internal static class Report
{
    private const int Wide = 160;

    /// <summary>A file or a pipe has no width and no colours.</summary>
    public static void FitScreen()
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = Wide;
            AnsiConsole.Profile.Capabilities.Ansi = false;
            AnsiConsole.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
        }
    }

    public static void Print(Results results)
    {
        var table = new Table().AddColumns([.. Row.Headings]);
        foreach (var row in results.Rows)
        {
            var colour = row.Met switch { true => "green", false => "red", null => "default" };
            table.AddRow([.. row.Cells.Select((cell, i) => i == Row.Headings.Count - 1 ? $"[{colour}]{cell}[/]" : Markup.Escape(cell))]);
        }

        AnsiConsole.Write(table);
    }

    public static async Task Write(Results results, Plan plan, string machine)
    {
        var folder = Path.Combine(Machine.Root, "bench");
        await File.WriteAllTextAsync(Path.Combine(folder, "results.svg"), Chart.Of(results));
        await File.WriteAllTextAsync(Path.Combine(folder, "RESULTS.md"), Page(results, plan, machine));
    }

    private static string Page(Results results, Plan plan, string machine) => $"""
        # Results

        Written by `bench/run`, which measures everything side by side on one machine. The load (`wrk`, `pgbench`) runs on it too.

        {machine}
        - PostgreSQL, for the baseline and for Souk alike: {Cluster.Described}
        - {Plan.Connections} connections ({Plan.Paced} at half of the peak, {Plan.Crowd} at four times the peak), warm-up of {plan.WarmUp.TotalSeconds} s, {(plan.Rounds == 1 ? "one round" : $"median of {plan.Rounds} rounds")} of {plan.Round.TotalSeconds} s; {Number(Plan.Few)} products and customers unless it says otherwise

        {Lines([Row.Headings, .. results.Rows.Select(r => r.Cells)])}

        ![measured beside the baselines](results.svg)

        ## Processor time

        Microseconds of processor time that each process took for one purchase or request, in the median round.

        {Lines([["measure", "by process", "together"], .. results.Rows.Where(r => r.Outcome.Median?.Micros.Count > 0).Select(Cost)])}

        ## Remarks

        {string.Join('\n', results.Rows.Where(r => r.Outcome.Rounds.Count > 1 || r.Outcome.Remarks.Length > 0).Select(Remarks))}

        """;

    private static string Lines(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var lines = rows.Select(r => $"| {string.Join(" | ", r)} |").ToList();
        lines.Insert(1, $"|{string.Concat(rows[0].Select(_ => "---|"))}");
        return string.Join('\n', lines);
    }

    private static string[] Cost(Row row) =>
        [row.Measure.Title, string.Join(", ", row.Outcome.Median!.Micros.Select(p => $"{p.Key} {Number(p.Value)}")), Number(row.Outcome.Median.Micros.Values.Sum())];

    private static string Remarks(Row row)
    {
        var rounds = row.Outcome.Rounds.Count > 1 ? $" rounds {string.Join(", ", row.Outcome.Rounds.Select(r => Row.Number(r)))}." : "";
        var remarks = row.Outcome.Remarks.Length > 0 ? $" {row.Outcome.Remarks}." : "";
        return $"- {row.Measure.Title}:{rounds}{remarks}";
    }

    private static string Number(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
