using System.Globalization;

namespace Souk.Bench;

/// <summary>The outcomes so far, and what they say about each measure.</summary>
internal sealed class Results
{
    private readonly Dictionary<string, Outcome> _outcomes = [];

    public void Add(Outcome outcome) => _outcomes[outcome.Measure.Name] = outcome;

    /// <summary>A measure's figure; null when it was not taken or failed.</summary>
    public double? this[string measure] => _outcomes.GetValueOrDefault(measure)?.Median?.Value;

    /// <summary>A row for each measure that was tried.</summary>
    public IReadOnlyList<Row> Rows => [.. Measure.All.Where(m => _outcomes.ContainsKey(m.Name)).Select(RowOf)];

    private Row RowOf(Measure measure) =>
        new(_outcomes[measure.Name], measure.Baseline is { } baseline ? this[baseline] : null);
}

/// <summary>A row of the table.</summary>
/// <param name="Outcome">What came of the measure.</param>
/// <param name="Baseline">What it is compared with, when that was measured too.</param>
internal sealed record Row(Outcome Outcome, double? Baseline)
{
    public Measure Measure => Outcome.Measure;

    public double? Measured => Outcome.Median?.Value;

    /// <summary>What has to be reached, in the measure's unit.</summary>
    public double? Reach => Measure.Most ?? (Baseline * Measure.Factor);

    public double? Factor => Measured / Baseline;

    public bool? Met => Reach is null ? null : Measured is null ? false : Measure.Most is null ? Measured >= Reach : Measured <= Reach;

    /// <summary>The texts of the table's columns.</summary>
    public string[] Cells =>
    [
        Measure.Title,
        Number(Baseline),
        Measure.Most is { } most ? $"≤ {Number(most)} {Measure.Unit}" : Measure.Factor is { } factor ? $"× {factor.ToString("0.##", CultureInfo.InvariantCulture)}" : "–",
        Measured is null ? "failed" : $"{Number(Measured)} {Measure.Unit}",
        Factor is { } f ? $"× {f.ToString("0.00", CultureInfo.InvariantCulture)}" : "–",
        Met switch { true => "yes", false => "no", null => "–" },
    ];

    public static IReadOnlyList<string> Headings { get; } = ["measure", "baseline", "reach", "measured", "factor", "met?"];

    public static string Number(double? value) =>
        value is not { } v ? "–" : v.ToString(v < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture);
}
