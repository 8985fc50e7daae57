namespace Souk.Bench;

/// <summary>Something to be measured, and what it has to reach.</summary>
/// <param name="Name">What <c>--only</c> calls it.</param>
/// <param name="Title">What the table calls it.</param>
/// <param name="Unit">Of the figure.</param>
/// <param name="Baseline">The measure that it is compared with.</param>
/// <param name="Factor">It has to be at least so many times the baseline.</param>
/// <param name="Most">It may be at most this, in its own unit.</param>
internal sealed record Measure(string Name, string Title, string Unit, string? Baseline = null, double? Factor = null, double? Most = null)
{
    private const string Purchases = "purchases/s";
    private const string Requests = "requests/s";

    /// <summary>All of them, in the table's order.</summary>
    public static IReadOnlyList<Measure> All { get; } =
    [
        new("pgbench-random", "pgbench, one transaction of four statements, random rows", Purchases),
        new("pgbench-hot", "pgbench, the same on one hot row", Purchases),
        new("empty-endpoint", "an empty Kestrel endpoint answering a small JSON", Requests),
        .. Of("postgres", "PostgreSQL, three processes", random: 3, hot: 10),
        .. Of("sqlite", "SQLite, one process", random: 4, hot: 10),
    ];

    /// <summary>The measures of the shop on one database.</summary>
    private static IEnumerable<Measure> Of(string database, string where, double random, double hot) =>
    [
        new($"{database}-random", $"purchases, random; {where}", Purchases, "pgbench-random", random),
        new($"{database}-hot", $"purchases, one hot product; {where}", Purchases, "pgbench-hot", hot),
        new($"{database}-half", $"p99 of a purchase at half of the peak; {where}", "ms", Most: 25),
        new($"{database}-get", $"GET one product; {where}", Requests, "empty-endpoint", 0.6),
        new($"{database}-page", $"GET a page of 20 products; {where}", Requests, "empty-endpoint", 0.6),
        new($"{database}-overload", $"purchases at 4 times the peak; {where}", Purchases, $"{database}-random", 0.8),
        new($"{database}-many", $"purchases among a million; {where}", Purchases, $"{database}-random", 0.85),
        new($"{database}-search", $"p95 of a word searched in a million products; {where}", "ms", Most: 50),
    ];
}

/// <summary>One round's figure.</summary>
/// <param name="Value">In the measure's unit.</param>
/// <param name="Micros">Processor time that each process took, in microseconds a purchase or request.</param>
internal sealed record Reading(double Value, IReadOnlyDictionary<string, double> Micros);

/// <summary>What came of a measure.</summary>
/// <param name="Measure">Of what.</param>
/// <param name="Median">The median round; null when it failed.</param>
/// <param name="Rounds">The figures of all rounds.</param>
/// <param name="Remarks">What else there is to say, or why it failed.</param>
internal sealed record Outcome(Measure Measure, Reading? Median, IReadOnlyList<double> Rounds, string Remarks);
