using System.Globalization;
using Spectre.Console;

namespace Souk.Bench;

/// <summary>One call of the benchmark: its plan, what is under way, and what has come of it.</summary>
internal sealed class Session(Plan plan, StatusContext status)
{
    public Plan Plan { get; } = plan;

    public Results Results { get; } = new();

    /// <summary>Is any of these measures to be taken?</summary>
    public bool Wants(params IEnumerable<string> measures) => measures.Any(Plan.Wants);

    /// <summary>Says what is under way.</summary>
    public void Doing(string what) => status.Status(Markup.Escape(what));

    /// <summary>Says something that stays on the screen.</summary>
    public static void Say(string line) => AnsiConsole.MarkupLineInterpolated($"{line}");

    /// <summary>Takes a measure of which nothing is known but its load.</summary>
    public Task Rounds(string name, Func<TimeSpan, Task<Reading>> load) => Take(name, measure => Median(measure, name, load));

    /// <summary>Warms up, takes the rounds and keeps their median.</summary>
    public async Task<Outcome> Median(Measure measure, string doing, Func<TimeSpan, Task<Reading>> load)
    {
        Doing($"{doing}: warming up");
        await load(Plan.WarmUp);
        var rounds = new List<Reading>();
        while (rounds.Count < Plan.Rounds)
        {
            Doing($"{doing}: round {rounds.Count + 1} of {Plan.Rounds}{(rounds.Count > 0 ? $", the last one {Row.Number(rounds[^1].Value)} {measure.Unit}" : "")}");
            rounds.Add(await load(Plan.Round));
        }

        var median = rounds.OrderBy(r => r.Value).ElementAt(rounds.Count / 2);
        return new Outcome(measure, median, [.. rounds.Select(r => r.Value)], "");
    }

    /// <summary>Takes a measure if it is wanted. One that fails is noted and the others go on.</summary>
    public async Task Take(string name, Func<Measure, Task<Outcome>> take)
    {
        if (!Plan.Wants(name))
        {
            return;
        }

        var measure = Measure.All.Single(m => m.Name == name);
        Outcome outcome;
        try
        {
            outcome = await take(measure);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or InvalidOperationException or OperationCanceledException)
        {
            outcome = new Outcome(measure, null, [], e.Message);
        }

        Results.Add(outcome);
        Say(Summary(outcome));
    }

    /// <summary>Runs a part that several measures need; when it can't be had, they are noted as failed.</summary>
    public async Task Part(IReadOnlyList<string> measures, Func<Task> part)
    {
        if (!Wants(measures))
        {
            return;
        }

        try
        {
            await part();
        }
        catch (Exception e) when (e is IOException or HttpRequestException or InvalidOperationException)
        {
            foreach (var measure in measures.Where(m => Plan.Wants(m) && Results[m] is null))
            {
                await Take(measure, _ => throw new IOException(e.Message, e));
            }
        }
    }

    private static string Summary(Outcome outcome)
    {
        var rounds = outcome.Rounds.Count > 1 ? $" (rounds: {string.Join(", ", outcome.Rounds.Select(r => Row.Number(r)))})" : "";
        var cost = outcome.Median is { Micros.Count: > 0 } m
            ? $"; µs of processor each: {string.Join(", ", m.Micros.Select(x => string.Create(CultureInfo.InvariantCulture, $"{x.Key} {x.Value:0}")))}, together {m.Micros.Values.Sum().ToString("0", CultureInfo.InvariantCulture)}"
            : "";
        return outcome.Median is null
            ? $"{outcome.Measure.Name}: failed: {outcome.Remarks}"
            : $"{outcome.Measure.Name}: {Row.Number(outcome.Median.Value)} {outcome.Measure.Unit}{rounds}{cost}{(outcome.Remarks.Length > 0 ? $"; {outcome.Remarks}" : "")}";
    }
}
