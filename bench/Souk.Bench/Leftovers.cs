namespace Souk.Bench;

/// <summary>What has to be undone however the benchmark ends, by Ctrl-C too.</summary>
internal static class Leftovers
{
    private static readonly Stack<Entry> Entries = new();

    static Leftovers() => AppDomain.CurrentDomain.ProcessExit += (_, _) => UndoAll();

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

    private static void UndoAll()
    {
        lock (Entries)
        {
            while (Entries.TryPop(out var entry))
            {
                entry.Dispose();
            }
        }
    }

    private sealed class Entry(Action undo) : IDisposable
    {
        private Action? _undo = undo;

        public void Dispose() => Interlocked.Exchange(ref _undo, null)?.Invoke();
    }
}
