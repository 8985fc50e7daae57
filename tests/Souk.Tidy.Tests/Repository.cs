using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Souk.Tidy.Tests;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>Its root folder.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    /// <summary>The source files of a folder, without what the build makes.</summary>
    public static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));

    /// <summary>The files that git knows.</summary>
    public static string[] Tracked()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", Root, "ls-files", "-z"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var names = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return [.. names.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(n => Path.Combine(Root, n))];
    }

    /// <summary>A file's path from the root.</summary>
    public static string Name(string path) => Path.GetRelativePath(Root, path);

    private static string Here([CallerFilePath] string path = "") => path;
}
