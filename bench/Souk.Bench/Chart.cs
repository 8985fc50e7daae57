using System.Globalization;
using System.Net;

namespace Souk.Bench;

/// <summary>The results as bars: each measure with its baseline, what it has to reach and what it reached, on a scale of its own.</summary>
internal static class Chart
{
    private const int Width = 860;
    private const int BarsFrom = 20;
    private const int BarsMost = 640;
    private const int BarHeight = 12;
    private const int RowHeight = 76;

    public static string Of(Results results)
    {
        var rows = results.Rows.Where(r => r.Reach is not null && r.Measured is not null).ToArray();
        return $$"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{Width}} {{(rows.Length * RowHeight) + 10}}" font-family="sans-serif" font-size="12">
            <style>.baseline{fill:#9aa5b1}.reach{fill:#d8c37a}.met{fill:#3b8e5a}.missed{fill:#b5473c}text{fill:#222}.title{font-weight:bold}</style>
            <rect width="100%" height="100%" fill="#fff"/>
            {{string.Join('\n', rows.Select(Draw))}}
            </svg>

            """;
    }

    private static string Draw(Row row, int index)
    {
        var top = (index * RowHeight) + 8;
        var most = new[] { row.Baseline ?? 0, row.Reach!.Value, row.Measured!.Value }.Max();
        var bars = new (string Class, string Label, double? Value)[]
        {
            ("baseline", "baseline", row.Baseline),
            ("reach", row.Measure.Most is null ? "at least" : "at most", row.Reach),
            (row.Met == true ? "met" : "missed", "measured", row.Measured),
        };
        return string.Join('\n', bars.Where(b => b.Value is not null).Select((b, i) => Bar(b.Class, $"{b.Label} {Row.Number(b.Value)} {row.Measure.Unit}", b.Value!.Value / most, top + 18 + (i * (BarHeight + 3))))
            .Prepend($"""<text class="title" x="{BarsFrom}" y="{top + 12}">{WebUtility.HtmlEncode(row.Measure.Title)}</text>"""));
    }

    private static string Bar(string kind, string label, double share, int y)
    {
        var width = Math.Max(1, share * BarsMost);
        return string.Create(CultureInfo.InvariantCulture, $"""
            <rect class="{kind}" x="{BarsFrom}" y="{y}" width="{width:0}" height="{BarHeight}"/><text x="{BarsFrom + width + 6:0}" y="{y + BarHeight - 2}">{label}</text>
            """);
    }
}
