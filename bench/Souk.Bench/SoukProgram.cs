namespace Souk.Bench;

/// <summary>The shop's program, as it is released.</summary>
internal static class SoukProgram
{
    public static readonly string Dll = Path.Combine(Machine.Root, "src/Souk/bin/Release/net10.0/Souk.dll");

    public static Task Build() => Tool.Run("dotnet", ["build", Path.Combine(Machine.Root, "src/Souk"), "--configuration", "Release", "--nologo", "--verbosity", "quiet"]);

    /// <summary>Runs one of its commands to the end.</summary>
    public static Task Run(params IEnumerable<string> arguments) => Tool.Run("dotnet", [Dll, .. arguments]);
}
