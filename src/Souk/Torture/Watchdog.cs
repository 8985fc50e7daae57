using System.Diagnostics;
using System.Globalization;

namespace Souk.Torture;

/// <summary>
/// Kills what the torture has started, and nothing else, if the torture itself ends without doing so, however that happens: a
/// process of its own that is told every process identifier and sees the end of its input.
/// </summary>
internal sealed class Watchdog : IAsyncDisposable
{
    private const string Script = """
        trap '' INT TERM HUP
        pids=
        while read -r what pid; do
            case $what in
                started) pids="$pids $pid" ;;
                ended) rest=; for p in $pids; do [ "$p" = "$pid" ] || rest="$rest $p"; done; pids=$rest ;;
            esac
        done
        [ -z "$pids" ] || kill -9 $pids
        """;

    private readonly Process _process = Process.Start(new ProcessStartInfo("sh", ["-c", Script]) { RedirectStandardInput = true, UseShellExecute = false })!;
    private readonly Lock _line = new();

    /// <summary>Watches a process until it is told that it has ended.</summary>
    public void Started(int pid) => Say("started", pid);

    /// <summary>Its identifier may mean another process from now on.</summary>
    public void Ended(int pid) => Say("ended", pid);

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Say(string what, int pid)
    {
        lock (_line)
        {
            _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} {pid}"));
            _process.StandardInput.Flush();
        }
    }
}
