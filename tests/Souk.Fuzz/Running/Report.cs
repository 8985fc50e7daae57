using System.Globalization;
using Spectre.Console;
using Souk.Fuzz.Requests;

namespace Souk.Fuzz.Running;

/// <summary>What a person sees of a run: a line while it goes on, and a table and the findings at its end.</summary>
internal sealed class Report(IAnsiConsole screen, Findings findings, TimeProvider time)
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(10);

    private readonly long _started = time.GetTimestamp();

    /// <summary>Tells how far it is until it is over.</summary>
    public async Task Watch(long? goal, Task run)
    {
        var isLive = screen.Profile.Out.IsTerminal;
        while (await Task.WhenAny(run, Task.Delay(isLive ? Often : Seldom, time)) != run)
        {
            screen.Write(new Text(isLive ? $"\r{Line(goal)}" : $"{Line(goal)}\n"));
        }

        screen.Write(new Text(isLive ? $"\r{Line(goal)}\n" : $"{Line(goal)}\n"));
    }

    /// <summary>The table of all operations, then each finding with a line that repeats it.</summary>
    public void Print(IReadOnlyList<Operation> operations, int seed)
    {
        var statuses = findings.Statuses;
        var found = findings.All.ToLookup(f => $"{f.First.Operation}");
        var table = new Table().Border(TableBorder.Simple).AddColumns("operation", "requests", "statuses", "findings");
        foreach (var operation in operations.Select(o => $"{o}"))
        {
            var counts = statuses[operation].OrderBy(s => s.Status).ToArray();
            table.AddRow(new Text(operation), new Text($"{counts.Sum(c => c.Count)}").RightJustified(), new Text(string.Join("  ", counts.Select(c => $"{(c.Status == 0 ? "closed" : c.Status)} × {c.Count}"))), new Text($"{found[operation].Count()}").RightJustified());
        }

        screen.Write(table);
        foreach (var finding in findings.All)
        {
            screen.Write(new Text($"""

                {finding.First.Operation}: {finding.Fault} ({finding.Times} times)
                  request {finding.First.Number} as {finding.First.Who}{(finding.First.Odd.Count == 0 ? "" : $", {string.Join(", ", finding.First.Odd)}")}: --seed {seed} --first {finding.First.Number} --requests 1
                  {finding.Request}
                  {Start(finding.Answer)}

                """));
        }
    }

    private static string Start(string answer) => answer.Length > 600 ? $"{answer[..600]}…" : answer;

    private string Line(long? goal)
    {
        var seconds = time.GetElapsedTime(_started).TotalSeconds;
        return string.Create(CultureInfo.InvariantCulture, $"{findings.Requests:N0}{(goal is null ? "" : $" of {goal:N0}")} requests in {seconds:0} s, {findings.Requests / Math.Max(seconds, 0.001):N0} a second, {findings.Busy:N0} busy, {findings.All.Count} findings ");
    }
}
