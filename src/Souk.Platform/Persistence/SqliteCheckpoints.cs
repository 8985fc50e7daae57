using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Souk.Platform.Persistence;

/// <summary>
/// Carries SQLite's write-ahead log over into its file (a checkpoint, https://www.sqlite.org/wal.html) beside the writer: most of it while
/// writes go on, and the little that came meanwhile between two of them, after which the log begins anew. Left to itself SQLite does all of it in
/// the commit that finds the log long, and that commit and all behind it wait for some hundred milliseconds.
/// </summary>
internal sealed partial class SqliteCheckpoints : IDisposable
{
    /// <summary>A longer log has more pages that were written twice, and these are carried over once.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly Func<SqliteConnection> _open;
    private readonly SemaphoreSlim _turn;
    private readonly TimeProvider _time;
    private readonly ILogger<SqliteCheckpoints> _log;
    private readonly SemaphoreSlim _written = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private SqliteConnection? _connection;
    private SafeFileHandle? _file;

    /// <summary>Starts it.</summary>
    /// <param name="path">The database's file.</param>
    /// <param name="open">Opens a connection of its own.</param>
    /// <param name="turn">Who holds it is the one who writes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Told what went wrong.</param>
    public SqliteCheckpoints(string path, Func<SqliteConnection> open, SemaphoreSlim turn, TimeProvider time, ILogger<SqliteCheckpoints> log)
    {
        (_path, _open, _turn, _time, _log) = (path, open, turn, time, log);
        using var flow = ExecutionContext.SuppressFlow();
        _loop = Task.Run(Run);
    }

    /// <summary>Says that something was written; called by who holds the turn.</summary>
    public void Note()
    {
        if (_written.CurrentCount == 0)
        {
            _written.Release();
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _loop.Wait();
        Close();
        _written.Dispose();
        _stop.Dispose();
    }

    private async Task Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _written.WaitAsync(_stop.Token);
                await Task.Delay(Gathering, _time, _stop.Token);
                await OnItsOwnThread(CheckpointAndFlush);
                await _turn.WaitAsync(_stop.Token);
                try
                {
                    // What was noted until now is in this one.
                    _written.Wait(0);
                    await OnItsOwnThread(Checkpoint);
                }
                finally
                {
                    _turn.Release();
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // The last connection that closes carries over what is left.
            }
            catch (Exception e)
            {
                // What is written is safe in the log, and the next write tries this again.
                LogNotCarriedOver(_path, e.Message);
                Close();
            }
        }
    }

    /// <summary>It waits for the disk, and the pool's few threads have other things to do.</summary>
    private static Task OnItsOwnThread(Action work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>While writes go on SQLite copies pages and leaves it to the last checkpoint to wait for the disk, which would be in the writer's turn.</summary>
    private void CheckpointAndFlush()
    {
        Checkpoint();
        try
        {
            _file ??= File.OpenHandle(_path, access: FileAccess.ReadWrite, share: FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.FlushToDisk(_file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next checkpoint flushes it too, and says what is wrong; only its writer waits longer.
            LogNotFlushed(_path, e.Message);
        }
    }

    private void Checkpoint()
    {
        _connection ??= _open();
        using var command = _connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(PASSIVE);";
        command.ExecuteNonQuery();
    }

    /// <summary>The connection only. Closing the file would take from this process the locks that SQLite has on it (https://www.sqlite.org/howtocorrupt.html, 2.2), so that is left to the garbage collector, long after the service has ended.</summary>
    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log of {File} was not carried over: {Reason}")]
    private partial void LogNotCarriedOver(string file, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} was not flushed: {Reason}")]
    private partial void LogNotFlushed(string file, string reason);
}
