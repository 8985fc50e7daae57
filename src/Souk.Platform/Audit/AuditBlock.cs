using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Souk.Platform.Persistence;

namespace Souk.Platform.Audit;

/// <summary>What one transaction did, written in that transaction and never changed afterwards.</summary>
public sealed class AuditBlock
{
    /// <summary>Its number; numbers are never used twice.</summary>
    public long Id { get; init; }

    /// <summary>When it was written (UTC).</summary>
    public DateTime WrittenAt { get; init; }

    /// <summary>Its entries as JSON.</summary>
    public required string Entries { get; init; }

    internal static SetInsert<AuditBlock> Insert { get; } = new SetInsert<AuditBlock>("audit_blocks").With("written_at", b => b.WrittenAt).With("entries", b => b.Entries);

    internal static AuditBlock Of(List<AuditEntry> entries, DateTime now) => new() { WrittenAt = now, Entries = AuditRun.Write(entries) };

    /// <summary>SHA-256 over all of it.</summary>
    internal static string Digest(long id, DateTime writtenAt, string entries) =>
        Chain.Hash(string.Create(CultureInfo.InvariantCulture, $"{id}\n{Chain.Microseconds(writtenAt)}\n{entries}"));
}

/// <summary>
/// A link of the chain over blocks: the digests of the blocks since the link before, and that link's hash. Blocks are written by several instances at once and
/// stay as they were written; links are made afterwards, in order, so that nobody who writes waits for another's hash.
/// </summary>
public sealed class AuditSeal
{
    /// <summary>The number of its last block.</summary>
    public long LastBlock { get; init; }

    /// <summary>Its blocks, as <c>number:digest</c>, with blanks between.</summary>
    public required string Blocks { get; init; }

    /// <summary>The hash of the link before; empty for the first.</summary>
    public required string Previous { get; init; }

    /// <summary>SHA-256 over all of it.</summary>
    public required string Hash { get; init; }

    /// <summary>When it was made (UTC).</summary>
    public DateTime SealedAt { get; init; }

    internal static AuditSeal Of(AuditSeal? last, IReadOnlyList<AuditBlock> blocks, DateTime now)
    {
        var list = string.Join(' ', blocks.Select(b => string.Create(CultureInfo.InvariantCulture, $"{b.Id}:{AuditBlock.Digest(b.Id, b.WrittenAt, b.Entries)}")));
        var (block, previous) = (blocks[^1].Id, last?.Hash ?? "");
        return new AuditSeal { LastBlock = block, Blocks = list, Previous = previous, SealedAt = now, Hash = HashOf(block, list, previous, now) };
    }

    internal static string HashOf(long lastBlock, string blocks, string previous, DateTime sealedAt) =>
        Chain.Hash(string.Create(CultureInfo.InvariantCulture, $"{lastBlock}\n{blocks}\n{previous}\n{Chain.Microseconds(sealedAt)}"));
}

/// <summary>The head of another service's chain, as it was told: what stands there later must lead to it.</summary>
public sealed class WitnessedHead
{
    /// <summary>Whose chain it is.</summary>
    public required string Service { get; init; }

    /// <summary>The minute (UTC); the last head of each is kept.</summary>
    public DateTime Minute { get; init; }

    /// <summary>The number of the last block.</summary>
    public long LastBlock { get; set; }

    /// <summary>The link's hash.</summary>
    public required string Hash { get; set; }
}

/// <summary>What the chain is made with.</summary>
internal static class Chain
{
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Both databases keep times to the microsecond.</summary>
    public static long Microseconds(DateTime time) => time.Ticks / TimeSpan.TicksPerMicrosecond;
}
