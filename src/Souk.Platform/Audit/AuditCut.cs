using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Values;

namespace Souk.Platform.Audit;

/// <summary>How long the audit log is kept.</summary>
/// <param name="Days">In days.</param>
internal sealed record AuditRetention(int Days);

/// <summary>
/// Cuts off what is older than the log is kept. The cut is an entry of the log itself, so that it is chained and witnessed like any other, and signed with
/// the services' key, so that nobody who can only write to the database can make one up.
/// </summary>
internal sealed partial class AuditCut<TDb>(AuditRetention retention, GroupCommit<TDb> writer, SoukSettings settings, ServiceName self, TimeProvider time, ILogger<AuditCut<TDb>> log)
    : Hourly(TimeSpan.FromMinutes(2), time)
    where TDb : ServiceDb
{
    /// <summary>How many links at once, so that other writes get their turn in between.</summary>
    private const int AtOnce = 20;

    protected override Task Run(CancellationToken stop) => CutAll(stop);

    protected override void Failed(string reason) => LogNotCut(reason);

    /// <summary>Cuts off all that is old.</summary>
    internal async Task CutAll(CancellationToken stop)
    {
        Result<int> cut;
        do
        {
            cut = await writer.Write<int>(Cut);
            writer.NoteRecorded();
        }
        while (cut is { Error: null, Value: AtOnce } && !stop.IsCancellationRequested);
        if (cut.Error is { } error)
        {
            LogNotCut(error.Detail);
        }
    }

    /// <summary>The newest link stays, however old: the next one leads on from it.</summary>
    private async Task<Result<int>> Cut(TDb db)
    {
        var now = Moments.Of(Time);
        var old = now.AddDays(-retention.Days);
        await db.WitnessedHeads.Where(h => h.Minute < old).ExecuteDeleteAsync();
        var newest = await db.AuditSeals.MaxAsync(s => (long?)s.LastBlock) ?? 0;
        var seals = await db.AuditSeals.AsNoTracking().Where(s => s.SealedAt < old && s.LastBlock < newest).OrderBy(s => s.LastBlock).Take(AtOnce).Select(s => new AuditHead(s.LastBlock, s.Hash)).ToListAsync();
        if (seals.Count > 0)
        {
            var last = seals[^1];
            await db.AuditBlocks.Where(b => b.Id <= last.LastBlock).ExecuteDeleteAsync();
            await db.AuditSeals.Where(s => s.LastBlock <= last.LastBlock).ExecuteDeleteAsync();
            db.Add(AuditBlock.Of([AuditCut.Entry(last, self.Name, settings, now)], now));
        }

        return seals.Count;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The audit log was not cut this time: {Reason}")]
    private partial void LogNotCut(string reason);
}

/// <summary>The entry that stands for what was cut off: its subject is the hash of the last link that went.</summary>
internal static class AuditCut
{
    public static AuditEntry Entry(AuditHead last, string service, SoukSettings settings, DateTime now) =>
        new(now, AuditEntry.System, AuditEntry.Cut, last.Hash, null, AuditEntry.Done, null, [string.Create(CultureInfo.InvariantCulture, $"up to block {last.LastBlock}"), Signature(last.Hash, service, settings)]);

    public static bool IsSigned(AuditEntry entry, string service, SoukSettings settings) =>
        entry is { Operation: AuditEntry.Cut, Subject: { } hash, Changes: [_, var signature] }
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(signature), Encoding.ASCII.GetBytes(Signature(hash, service, settings)));

    private static string Signature(string hash, string service, SoukSettings settings) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(settings.ServiceKey, Encoding.UTF8.GetBytes($"audit cut:{service}:{hash}")));
}
