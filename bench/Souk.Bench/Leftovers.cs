using System.Runtime.InteropServices;

namespace Souk.Bench;

/// <summary>What has to be undone however the benchmark ends, by Ctrl-C too.</summary>
internal static class Leftovers
{
    private static readonly Stack<Entry> Entries = new();
    private static volatile bool _ending;

    private static readonly PosixSignalRegistration[] Signals =
        [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(s => PosixSignalRegistration.Create(s, _ => Environment.Exit(1)))];

    static Leftovers() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        UndoAll();
        GC.KeepAlive(Signals);
    };

    /// <summary>Undoes something when the returned object is disposed of, or at the end of the process at the latest.</summary>
    public static IDisposable Track(Action undo)
    {
        var entry = new Entry(undo);
        lock (Entries)
        {
            Entries.Push(entry);
        }

        return entry;
    }

    /// <summary>Comes before anything is started: what goes on beside the end of the process must not leave something new behind.</summary>
    public static void StartNothingAtTheEnd()
    {
        if (_ending)
        {
            new ManualResetEventSlim().Wait();
        }
    }

    private static void UndoAll()
    {
        _ending = true;
        while (Newest() is { } entry)
        {
            entry.Dispose();
        }
    }

    private static Entry? Newest()
    {
        lock (Entries)
        {
            return Entries.TryPop(out var entry) ? entry : null;
        }
    }

    private sealed class Entry(Action undo) : IDisposable
    {
        private readonly Lock _oneAtATime = new();
        private Action? _undo = undo;

        /// <summary>Returns when it is undone, whoever does it.</summary>
        public void Dispose()
        {
            lock (_oneAtATime)
            {
                _undo?.Invoke();
                _undo = null;
            }
        }
    }
}
