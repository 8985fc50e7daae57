using Microsoft.Data.Sqlite;

namespace Souk.Platform.Persistence;

/// <summary>
/// Carries SQLite's write-ahead log over into its file (a checkpoint, https://www.sqlite.org/wal.html) beside the writer: most of it while
/// writes go on, and the little that came meanwhile between two of them, after which the log begins anew. Left to itself SQLite does all of it in
/// the commit that finds the log long, and that commit and all behind it wait for some hundred milliseconds.
/// </summary>
internal sealed class SqliteCheckpoints : IDisposable
{
    /// <summary>A longer log has more pages that were written twice, and these are carried over once.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromSeconds(1);

    private readonly Func<SqliteConnection> _open;
    private readonly SemaphoreSlim _turn;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _written = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private SqliteConnection? _connection;

    /// <summary>Starts it.</summary>
    /// <param name="open">Opens a connection of its own.</param>
    /// <param name="turn">Who holds it is the one who writes.</param>
    /// <param name="time">The clock.</param>
    public SqliteCheckpoints(Func<SqliteConnection> open, SemaphoreSlim turn, TimeProvider time)
    {
        (_open, _turn, _time) = (open, turn, time);
        using var apart = ExecutionContext.SuppressFlow();
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
        _connection?.Dispose();
        _written.Dispose();
        _stop.Dispose();
    }

    private async Task Run()
    {
        try
        {
            while (true)
            {
                await _written.WaitAsync(_stop.Token);
                await Task.Delay(Gathering, _time, _stop.Token);
                await Apart(CarryOver);
                await _turn.WaitAsync(_stop.Token);
                await Apart(CarryOver).ContinueWith(_ => _turn.Release(), TaskScheduler.Default);
            }
        }
        catch (OperationCanceledException)
        {
            // The last connection that closes carries over what is left.
        }
    }

    /// <summary>It waits for the disk, and the pool's few threads have other things to do.</summary>
    private static Task Apart(Action work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void CarryOver()
    {
        try
        {
            _connection ??= _open();
            using var command = _connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(PASSIVE);";
            command.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // What is written is safe in the log. A disk that is full or broken shows itself to the writers; the next write tries this again.
            _connection?.Dispose();
            _connection = null;
        }
    }
}
