using System.Runtime.CompilerServices;

namespace Souk.Bench;

/// <summary>The machine that is measured.</summary>
internal static class Machine
{
    /// <summary>The checkout that this was built from.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    private static string Here([CallerFilePath] string path = "") => path;
}
