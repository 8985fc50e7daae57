using System.Diagnostics;

namespace Souk.Bench;

/// <summary>Runs other programs.</summary>
internal static class Tool
{
    /// <summary>Runs one to its end and returns what it wrote.</summary>
    /// <exception cref="IOException">It failed; the message has what it complained about.</exception>
    public static async Task<string> Run(string file, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        Leftovers.StartNothingAtTheEnd();
        using var process = Process.Start(Info(file, arguments, environment)) ?? throw new IOException($"{file} does not start.");
        using var tracked = Leftovers.Track(() => Kill(process));
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new IOException($"{Path.GetFileName(file)} failed: {Last(await errors + output)}");
    }

    /// <summary>Starts one that runs until it is killed, with its output in a file.</summary>
    public static Process Start(string file, IEnumerable<string> arguments, string log)
    {
        Leftovers.StartNothingAtTheEnd();
        var process = Process.Start(Info("bash", ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1", "bash", log, file, .. arguments], [])) ?? throw new IOException($"{file} does not start.");
        process.StandardOutput.Close();
        process.StandardError.Close();
        return process;
    }

    /// <summary>Ends one that was started.</summary>
    public static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>The end of a program's output, where the reason usually stands.</summary>
    public static string Last(string output) => string.Join(' ', output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).TakeLast(3));

    private static ProcessStartInfo Info(string file, IEnumerable<string> arguments, (string Name, string Value)[] environment)
    {
        var info = new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        return info;
    }
}
