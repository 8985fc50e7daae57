using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Values;

namespace Souk.Platform.Audit;

/// <summary>
/// Chains the blocks within about a second of their writing, and tells the chain's head to another service, so that a cut at its end shows as well. Several
/// instances may do it at once: links are single writes, which take turns, and one that comes late finds the work done.
/// </summary>
internal sealed partial class AuditSealer<TDb>(
    IDbContextFactory<TDb> contexts, Engine engine, GroupCommit<TDb> writer, Peers peers, SoukSettings settings, ServiceName self, TimeProvider time, ILogger<AuditSealer<TDb>> log) : BackgroundService
    where TDb : ServiceDb
{
    /// <summary>What other instances left is looked for every so many seconds; what was written here, each second.</summary>
    private const int LookAnyway = 10;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private AuditHead? _told;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        for (var seconds = 1; await timer.WaitForNextTickAsync(stoppingToken); seconds++)
        {
            if (!writer.TakeRecorded() && seconds % LookAnyway != 0)
            {
                continue;
            }

            try
            {
                while (await SealNext(stoppingToken) == Limits.SealedBlocks)
                {
                    // There are more.
                }

                await TellHead(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotSealed(e.Message);
            }
        }
    }

    /// <summary>Makes the next link; how many blocks it has.</summary>
    internal async Task<int> SealNext(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var complete = await engine.LastComplete(db, "audit_blocks", time, stop);
        var last = await Last(db, stop);
        var after = last?.LastBlock ?? 0;
        var blocks = complete <= after ? [] : await db.AuditBlocks.AsNoTracking().Where(b => b.Id > after && b.Id <= complete).OrderBy(b => b.Id).Take(Limits.SealedBlocks).ToListAsync(stop);
        if (blocks.Count == 0)
        {
            return 0;
        }

        // Hashed before the write, which holds others up.
        var seal = AuditSeal.Of(last, blocks, Moments.Of(time));
        var written = await writer.Write<int>(async db =>
        {
            if (!await db.AuditSeals.AnyAsync(s => s.LastBlock > after))
            {
                db.Add(seal);
            }

            return blocks.Count;
        });
        return written.Refused(out var error, out var count) ? throw new IOException(error.Detail) : count;
    }

    private static Task<AuditSeal?> Last(TDb db, CancellationToken stop) => db.AuditSeals.AsNoTracking().OrderByDescending(s => s.LastBlock).FirstOrDefaultAsync(stop);

    /// <summary>Tells the head, and shows what stands at the place of the head that the witness knows: it notices when that is another one.</summary>
    private async Task TellHead(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        for (var tries = 0; tries < 2 && await Last(db, stop) is { } last && last.LastBlock != _told?.LastBlock; tries++)
        {
            var head = new AuditHead(last.LastBlock, last.Hash);
            var answer = await peers[AuditWitness.Of(self.Name, settings)].Post<TellAuditHead, KnownAuditHead>(AuditWitness.Path, new TellAuditHead(head, await Standing(db, stop)), stop);
            if (answer.Refused(out var error, out var known))
            {
                if (error.Kind.Code == AuditWitness.HeadConflict.Code)
                {
                    LogConflict(error.Detail);
                }

                return;
            }

            _told = known.Head;
        }
    }

    private async Task<AuditHead?> Standing(TDb db, CancellationToken stop) => _told is null ? null
        : new AuditHead(_told.LastBlock, await db.AuditSeals.AsNoTracking().Where(s => s.LastBlock == _told.LastBlock).Select(s => s.Hash).SingleOrDefaultAsync(stop) ?? "");

    [LoggerMessage(Level = LogLevel.Warning, Message = "The audit log was not sealed this time: {Reason}")]
    private partial void LogNotSealed(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit log is not the one that was witnessed; run 'souk audit verify': {Reason}")]
    private partial void LogConflict(string reason);
}
