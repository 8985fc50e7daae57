using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Souk.Platform.Events;
using Souk.Platform.Persistence;

namespace Souk.Platform.Audit;

/// <summary>From when to when; null leaves a side open.</summary>
/// <param name="From">Not before (UTC).</param>
/// <param name="To">Before (UTC).</param>
public sealed record AuditSpan(DateTime? From, DateTime? To);

/// <summary>Writes a service's audit log out, an entry a line as JSON, the oldest block first.</summary>
public static class AuditExport
{
    private const int AtOnce = 100;

    /// <summary>Writes it.</summary>
    public static async Task Write<TDb>(IDbContextFactory<TDb> contexts, string service, AuditSpan span, TextWriter output)
        where TDb : ServiceDb
    {
        ArgumentNullException.ThrowIfNull(span);
        ArgumentNullException.ThrowIfNull(output);
        await using var snapshot = await Snapshot.Of(contexts);
        for (var after = 0L; ;)
        {
            var blocks = new List<(long Id, string Entries)>(AtOnce);
            await snapshot.Each(string.Create(CultureInfo.InvariantCulture, $"SELECT id, entries FROM audit_blocks WHERE id > {after} ORDER BY id LIMIT {AtOnce}"), row => blocks.Add((row.GetInt64(0), row.GetString(1))));
            if (blocks.Count == 0)
            {
                return;
            }

            foreach (var (id, entries) in blocks)
            {
                foreach (var entry in AuditRun.Read(entries).Where(e => (span.From is null || e.At >= span.From) && (span.To is null || e.At < span.To)))
                {
                    await output.WriteLineAsync(JsonSerializer.Serialize(AuditEntryView.Of(service, id, entry), InternalJson.Options));
                }
            }

            after = blocks[^1].Id;
        }
    }
}
