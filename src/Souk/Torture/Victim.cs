using System.Diagnostics;

namespace Souk.Torture;

/// <summary>A process that is killed again and again, and started again whenever it has ended, as a supervisor would.</summary>
/// <param name="name">What it is.</param>
/// <param name="log">The file that its output goes to.</param>
/// <param name="watchdog">Who ends it if we can't.</param>
internal abstract class Victim(string name, string log, Watchdog watchdog) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _life = new();
    private Process? _process;
    private Task _ended = Task.CompletedTask;
    private Task _supervised = Task.CompletedTask;
    private int _kills;
    private int _ends;

    public string Name => name;

    public int Kills => _kills;

    /// <summary>How often it has ended by itself.</summary>
    public int OwnEnds => _ends - _kills;

    protected abstract IEnumerable<string> Command { get; }

    /// <summary>Whether it serves now.</summary>
    public abstract Task<bool> IsReady();

    /// <summary>Starts it, and starts it again whenever it ends.</summary>
    public void Start() => _supervised = Supervise();

    /// <summary>Kills it as a power cut would: SIGKILL, no last word.</summary>
    /// <returns>Whether it was alive; one that has just ended is started again in a moment.</returns>
    public async Task<bool> Kill()
    {
        if (_supervised.IsFaulted)
        {
            await _supervised;
        }

        if (!EndLife(out var ended))
        {
            return false;
        }

        Interlocked.Increment(ref _kills);
        await ended;
        return true;
    }

    public virtual async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        EndLife(out _);
        await _supervised;
        _stop.Dispose();
    }

    /// <summary>Ends its life, if it has one.</summary>
    /// <param name="ended">Done when it has ended.</param>
    private bool EndLife(out Task ended)
    {
        lock (_life)
        {
            ended = _ended;
            if (_process is not { HasExited: false })
            {
                return false;
            }

            _process.Kill();
            return true;
        }
    }

    /// <summary>From here on it can be killed, until it has ended.</summary>
    private Task BeginLife(Process process)
    {
        lock (_life)
        {
            (_process, _ended) = (process, process.WaitForExitAsync());
            if (_stop.IsCancellationRequested)
            {
                process.Kill();
            }

            return _ended;
        }
    }

    private async Task Supervise()
    {
        while (!_stop.IsCancellationRequested)
        {
            // The shell becomes the program, so the identifier is the program's own.
            using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", log, .. Command]) { UseShellExecute = false, WorkingDirectory = "/" })!;
            watchdog.Started(process.Id);
            await BeginLife(process);
            lock (_life)
            {
                _process = null;
            }

            watchdog.Ended(process.Id);
            Interlocked.Increment(ref _ends);
            await Task.Delay(Pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

/// <summary>A service of the shop, in a process of its own.</summary>
internal sealed class ServiceProcess(string name, string log, Watchdog watchdog, Uri url, IReadOnlyList<string> settings, HttpClient http) : Victim(name, log, watchdog)
{
    protected override IEnumerable<string> Command => [.. ThisProgram(), Name, .. settings];

    public override async Task<bool> IsReady()
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(url, "/health/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>This very program, whether it was started by name or through <c>dotnet</c>.</summary>
    private static string[] ThisProgram() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "Souk" ? [Environment.ProcessPath!] : ["dotnet", Path.Combine(AppContext.BaseDirectory, "Souk.dll")];
}
