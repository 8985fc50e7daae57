using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;

namespace Souk.Platform.Audit;

/// <summary>Refusals on their way into the audit log. Nobody waits for them, and a flood of them is bounded: what finds no room is counted.</summary>
internal sealed class RefusalLog
{
    private readonly Channel<AuditEntry> _queue = Channel.CreateBounded<AuditEntry>(new BoundedChannelOptions(Limits.Queue) { SingleReader = true });
    private int _dropped;

    public ChannelReader<AuditEntry> Queue => _queue.Reader;

    public void Add(AuditEntry refusal)
    {
        if (!_queue.Writer.TryWrite(refusal))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>How many found no room since the last time.</summary>
    public int TakeDropped() => Interlocked.Exchange(ref _dropped, 0);

    public void NoteDropped(int count) => Interlocked.Add(ref _dropped, count);

    /// <summary>Takes nothing more.</summary>
    public void Close() => _queue.Writer.TryComplete();
}

/// <summary>Writes refusals into blocks, a few times a second. The same refusal of the same caller is one entry with a count.</summary>
internal sealed partial class RefusalWriter<TDb>(RefusalLog refusals, GroupCommit<TDb> writer, TimeProvider time, ILogger<RefusalWriter<TDb>> log) : BackgroundService
    where TDb : ServiceDb
{
    private const int MostEntries = 1000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<(string, string, string?, string?, string), AuditEntry> _gathered = [];

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        refusals.Close();
        await base.StopAsync(cancellationToken);
        Gather();
        await Write();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await refusals.Queue.WaitToReadAsync(stoppingToken))
        {
            Gather();
            try
            {
                await Write();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotWritten(_gathered.Count, e.Message);
            }

            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    private void Gather()
    {
        while (refusals.Queue.TryRead(out var entry))
        {
            var key = (entry.Who, entry.Operation, entry.Subject, entry.Address, entry.Outcome);
            if (_gathered.TryGetValue(key, out var same))
            {
                _gathered[key] = same with { Times = (same.Times ?? 1) + 1 };
            }
            else if (_gathered.Count < MostEntries)
            {
                _gathered.Add(key, entry);
            }
            else
            {
                refusals.NoteDropped(1);
            }
        }
    }

    /// <summary>What can't be written now stays for the next time.</summary>
    private async Task Write()
    {
        var (entries, dropped) = (_gathered.Values.ToList(), refusals.TakeDropped());
        var now = Values.Moments.Of(time);
        if (dropped > 0)
        {
            entries.Add(new AuditEntry(now, AuditEntry.System, "refusals that found no room", null, null, "dropped", null, Times: dropped));
        }

        if (entries.Count == 0)
        {
            return;
        }

        var written = await writer.Write<Done>(db =>
        {
            db.Add(AuditBlock.Of(entries, now));
            return Task.FromResult<Result<Done>>(default(Done));
        });
        writer.NoteRecorded();
        if (written.Error is { } error)
        {
            LogNotWritten(entries.Count, error.Detail);
            refusals.NoteDropped(dropped);
            return;
        }

        _gathered.Clear();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} refusals are not in the audit log yet: {Reason}")]
    private partial void LogNotWritten(int count, string reason);
}
