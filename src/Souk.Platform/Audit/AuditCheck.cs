using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;

namespace Souk.Platform.Audit;

/// <summary>Something in an audit log that is not as it was written.</summary>
/// <param name="Kind">What happened to it, in snake_case.</param>
/// <param name="Place">The block or link.</param>
public sealed record AuditFlaw(string Kind, string Place);

/// <summary>
/// Proves one service's chain: every block is the one that was sealed, every link leads to the next, the first to the beginning or to a cut that the service itself
/// made, and the whole to every head that the witness keeps.
/// </summary>
/// <param name="settings">The shop's settings, with the key that cuts are signed by.</param>
/// <param name="service">Whose chain it is.</param>
/// <param name="heads">The heads that the witness keeps, read before the chain is: block and hash.</param>
public sealed class AuditCheck(SoukSettings settings, string service, IReadOnlyDictionary<long, string> heads)
{
    private const int AtOnce = 50;

    private readonly List<AuditFlaw> _flaws = [];
    private readonly HashSet<string> _cuts = new(StringComparer.Ordinal);
    private readonly Dictionary<long, string> _heads = new(heads);
    private string? _first;
    private long _firstBlock;
    private string _previous = "";

    /// <summary>Numbers begin at 1; what stands before was put there.</summary>
    private long _last = long.MinValue + 1;

    /// <summary>What is wrong.</summary>
    public IReadOnlyList<AuditFlaw> Flaws => _flaws;

    /// <summary>How many blocks are chained and as they were written.</summary>
    public long Blocks { get; private set; }

    /// <summary>How many blocks wait for their link.</summary>
    public long Unsealed { get; private set; }

    /// <summary>The heads that a service keeps of another one's chain.</summary>
    public static async Task<Dictionary<long, string>> Heads<TDb>(IDbContextFactory<TDb> contexts, string of)
        where TDb : ServiceDb
    {
        ArgumentNullException.ThrowIfNull(contexts);
        await using var db = await contexts.CreateDbContextAsync();
        return await db.WitnessedHeads.AsNoTracking().Where(h => h.Service == of).ToDictionaryAsync(h => h.LastBlock, h => h.Hash);
    }

    /// <summary>Reads the whole chain.</summary>
    public async Task Read<TDb>(IDbContextFactory<TDb> contexts)
        where TDb : ServiceDb
    {
        await using var snapshot = await Snapshot.Of(contexts);
        for (var seals = await Seals(snapshot); seals.Count > 0; seals = await Seals(snapshot))
        {
            await CheckPart(snapshot, seals);
        }

        await snapshot.Each(Text($"SELECT id, written_at, entries FROM audit_blocks WHERE id > {_last}"), row =>
        {
            Unsealed++;
            FindCuts(row.GetString(2));
        });
        CheckBeginning();
        CheckHeads();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private async Task<List<AuditSeal>> Seals(Snapshot snapshot)
    {
        var seals = new List<AuditSeal>();
        await snapshot.Each(Text($"SELECT last_block, blocks, previous, hash, sealed_at FROM audit_seals WHERE last_block > {_last} ORDER BY last_block LIMIT {AtOnce}"), row => seals.Add(new AuditSeal
        {
            LastBlock = row.GetInt64(0), Blocks = row.GetString(1), Previous = row.GetString(2), Hash = row.GetString(3), SealedAt = row.GetDateTime(4),
        }));
        return seals;
    }

    /// <summary>Checks some links and the blocks that they name, and no others, have.</summary>
    private async Task CheckPart(Snapshot snapshot, List<AuditSeal> seals)
    {
        var found = new Dictionary<long, string>();
        await snapshot.Each(Text($"SELECT id, written_at, entries FROM audit_blocks WHERE id > {_last} AND id <= {seals[^1].LastBlock}"), row =>
        {
            found.Add(row.GetInt64(0), AuditBlock.Digest(row.GetInt64(0), row.GetDateTime(1), row.GetString(2)));
            FindCuts(row.GetString(2));
        });
        foreach (var seal in seals)
        {
            CheckSeal(seal);
            foreach (var (id, digest) in seal.Blocks.Split(' ').Select(Named))
            {
                CheckBlock(found, id, digest);
            }
        }

        _flaws.AddRange(found.Keys.Select(id => Flaw("block_added", id)));
        _last = seals[^1].LastBlock;
    }

    private void CheckSeal(AuditSeal seal)
    {
        if (AuditSeal.HashOf(seal.LastBlock, seal.Blocks, seal.Previous, seal.SealedAt) != seal.Hash)
        {
            _flaws.Add(Flaw("link_edited", seal.LastBlock));
        }

        if (_first is null)
        {
            (_first, _firstBlock) = (seal.Previous, seal.LastBlock);
        }
        else if (seal.Previous != _previous)
        {
            _flaws.Add(Flaw("link_missing_before", seal.LastBlock));
        }

        _previous = seal.Hash;
        if (_heads.Remove(seal.LastBlock, out var witnessed) && witnessed != seal.Hash)
        {
            _flaws.Add(Flaw("rewritten", seal.LastBlock));
        }
    }

    private void CheckBlock(Dictionary<long, string> found, long id, string digest)
    {
        if (!found.Remove(id, out var now))
        {
            _flaws.Add(Flaw("block_deleted", id));
        }
        else if (now != digest)
        {
            _flaws.Add(Flaw("block_edited", id));
        }
        else
        {
            Blocks++;
        }
    }

    /// <summary>What is missing at the beginning must have been cut by the service, which signs for it.</summary>
    private void CheckBeginning()
    {
        if (_first is { Length: > 0 } first && !_cuts.Contains(first))
        {
            _flaws.Add(Flaw("cut_at_the_beginning", _firstBlock));
        }
    }

    /// <summary>A head before the first link was cut with what it led to.</summary>
    private void CheckHeads() =>
        _flaws.AddRange(_heads.Keys.Where(block => _first is null or "" || block >= _firstBlock).Order().Select(block => Flaw(block > _last ? "cut_at_the_end" : "rewritten", block)));

    private void FindCuts(string entries)
    {
        if (entries.Contains(AuditEntry.Cut, StringComparison.Ordinal))
        {
            _cuts.UnionWith(AuditRun.Read(entries).Where(e => AuditCut.IsSigned(e, service, settings)).Select(e => e.Subject!));
        }
    }

    private static (long Id, string Digest) Named(string block) =>
        block.Split(':') is [var id, var digest] && long.TryParse(id, CultureInfo.InvariantCulture, out var number) ? (number, digest) : (0, "");

    private static AuditFlaw Flaw(string kind, long block) => new(kind, Text($"block {block}"));
}
