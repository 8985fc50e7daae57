using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Souk.Platform.Hosting;

namespace Souk.Platform.Encryption;

/// <summary>
/// A service's data keys, unwrapped in memory. What it seals begins with a mark and the key's identifier, so that any key of the ring
/// opens it later; it is bound to what it is about (table, column, row), so that it opens nowhere else.
/// </summary>
public sealed class KeyRing
{
    /// <summary>No text that a client sends and no key file begins with it, so what was stored before there was a ring is told apart.</summary>
    private const char Mark = '\u0001';
    private const int Head = 1 + DataKey.IdLength;
    private static readonly TimeSpan BetweenLoads = TimeSpan.FromSeconds(1);

    /// <summary>An instance that could not look for new keys for so long does it before it seals: the one it knows may be about to be removed.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(10);

    private readonly Func<IReadOnlyList<DataKey>> _stored;
    private readonly MasterKeys _master;
    private readonly TimeProvider _time;
    private readonly Lock _loading = new();
    private volatile Keys _keys = new([], null);
    private DateTimeOffset _loadAgain = DateTimeOffset.MinValue;
    private DateTimeOffset _loaded = DateTimeOffset.MinValue;

    internal KeyRing(Func<IReadOnlyList<DataKey>> stored, MasterKeys master, TimeProvider time) => (_stored, _master, _time) = (stored, master, time);

    /// <summary>Encrypts a text under the newest key. The empty text stays as it is: it tells nothing.</summary>
    [return: NotNullIfNotNull(nameof(plain))]
    public string? Seal(string? plain, string about)
    {
        if (string.IsNullOrEmpty(plain))
        {
            return plain;
        }

        var (id, key) = Newest;
        return $"{Mark}{id}{Convert.ToBase64String(Box.Lock(key, Encoding.UTF8.GetBytes(plain), Encoding.UTF8.GetBytes(about)))}";
    }

    /// <summary>Encrypts bytes under the newest key.</summary>
    public byte[] Seal(byte[] plain, string about)
    {
        var (id, key) = Newest;
        return [(byte)Mark, .. Encoding.ASCII.GetBytes(id), .. Box.Lock(key, plain, Encoding.UTF8.GetBytes(about))];
    }

    /// <summary>Decrypts a text; one that was never sealed is given back as it is.</summary>
    /// <exception cref="CryptographicException">It was changed, belongs elsewhere, or its key is gone.</exception>
    [return: NotNullIfNotNull(nameof(stored))]
    public string? Open(string? stored, string about) => stored is { Length: > Head } && stored[0] == Mark
        ? Encoding.UTF8.GetString(Unlock(stored.Substring(1, DataKey.IdLength), Bytes(stored[Head..]), about))
        : stored;

    /// <summary>Decrypts bytes; such that were never sealed are given back as they are.</summary>
    /// <exception cref="CryptographicException">They were changed, belong elsewhere, or their key is gone.</exception>
    public byte[] Open(byte[] stored, string about) => stored is { Length: > Head } && stored[0] == Mark
        ? Unlock(Encoding.ASCII.GetString(stored, 1, DataKey.IdLength), stored.AsSpan(Head), about)
        : stored;

    /// <summary>What everything begins with that the newest key sealed.</summary>
    internal string NewestHead => Mark + Newest.Id;

    /// <summary>Reads the stored keys. One that no master key opens stops a start; one that is known already stays.</summary>
    /// <exception cref="SettingException">A key can't be opened.</exception>
    internal void Load()
    {
        lock (_loading)
        {
            var known = _keys.ById;
            var stored = _stored();
            var keys = stored.ToDictionary(k => k.Id, k => _master.Unwrap(k.Id, k.Wrapped, out _) ?? known.GetValueOrDefault(k.Id) ?? throw CantOpen(k.Id), StringComparer.Ordinal);
            _keys = new Keys(keys, stored.Count == 0 ? null : stored[^1].Id);
            _loaded = _time.GetUtcNow();
        }
    }

    private (string Id, byte[] Key) Newest
    {
        get
        {
            if (_keys.Newest is null || _time.GetUtcNow() - _loaded > Freshness)
            {
                Load();
            }

            var keys = _keys;
            return keys.Newest is { } id ? (id, keys.ById[id]) : throw new CryptographicException("There is no data key yet; start the service once.");
        }
    }

    private static SettingException CantOpen(string id) =>
        new($"The data key {id} can't be opened by the master key. Souk:MasterKey (or the file in Souk:Keys) must be the one under which this database was written; after a change, Souk:PreviousMasterKey names the one before.");

    /// <summary>What is no base64 opens under no key.</summary>
    private static byte[] Bytes(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : [];
    }

    private byte[] Unlock(string id, ReadOnlySpan<byte> box, string about) =>
        Find(id) is { } key && Box.Unlock(key, box, Encoding.UTF8.GetBytes(about)) is { } plain
            ? plain
            : throw new CryptographicException($"What is stored of '{about}' can't be opened: it was changed, it belongs elsewhere, or its key {id} is gone.");

    /// <summary>A key that another instance made a moment ago is looked for once; made-up identifiers don't turn into a flood of queries.</summary>
    private byte[]? Find(string id)
    {
        if (!_keys.ById.ContainsKey(id) && _time.GetUtcNow() >= _loadAgain)
        {
            _loadAgain = _time.GetUtcNow() + BetweenLoads;
            Load();
        }

        return _keys.ById.GetValueOrDefault(id);
    }

    private sealed record Keys(Dictionary<string, byte[]> ById, string? Newest);
}
