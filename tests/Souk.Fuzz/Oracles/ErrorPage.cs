using System.Globalization;
using System.Runtime.CompilerServices;

namespace Souk.Fuzz.Oracles;

/// <summary>The codes that <c>docs/errors.md</c> promises.</summary>
internal static class ErrorPage
{
    /// <summary>The checkout that the fuzzer was built from.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", ".."));

    /// <summary>Each code with its status.</summary>
    public static IReadOnlyDictionary<string, int> Codes() => File.ReadLines(Path.Combine(Root, "docs", "errors.md"))
        .Select(l => l.Split('|', StringSplitOptions.TrimEntries)).Where(c => c.Length > 3 && c[1].StartsWith('`'))
        .ToDictionary(c => c[1].Trim('`'), c => int.Parse(c[2], CultureInfo.InvariantCulture));

    private static string Here([CallerFilePath] string path = "") => path;
}
