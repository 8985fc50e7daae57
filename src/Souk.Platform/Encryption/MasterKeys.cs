using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Souk.Platform.Hosting;

namespace Souk.Platform.Encryption;

/// <summary>
/// The key that wraps a service's data keys. It comes from <c>Souk:MasterKey</c>, or from a file in a folder of its own. The one
/// before it (<c>Souk:PreviousMasterKey</c>) still unwraps, so that the master key can be changed while the shop is open.
/// </summary>
public sealed class MasterKeys
{
    private const int Bytes = 32;
    private const int FewestDifferent = 12;

    private readonly Lazy<(byte[] Current, byte[]? Previous)> _keys;

    /// <summary>Keys that are read from the settings when they are first needed: what only reads a database's figures needs none.</summary>
    internal MasterKeys(IConfiguration configuration, SoukSettings settings) => _keys = new(() => Read(configuration, settings));

    /// <summary>Wraps a data key under the current master key.</summary>
    /// <exception cref="SettingException">A master key is too short, looks made up by hand, or can't be read.</exception>
    internal byte[] Wrap(string id, byte[] key) => Box.Lock(_keys.Value.Current, key, About(id));

    /// <summary>Unwraps a data key; null when it was wrapped under neither of the master keys.</summary>
    /// <exception cref="SettingException">A master key is too short, looks made up by hand, or can't be read.</exception>
    /// <param name="id">The data key's identifier.</param>
    /// <param name="wrapped">The data key as it is stored.</param>
    /// <param name="stale">Whether it was wrapped under the previous one.</param>
    internal byte[]? Unwrap(string id, byte[] wrapped, out bool stale)
    {
        var (current, previous) = _keys.Value;
        var key = Box.Unlock(current, wrapped, About(id));
        stale = key is null;
        return key ?? (previous is null ? null : Box.Unlock(previous, wrapped, About(id)));
    }

    /// <summary>Makes the file where nothing says otherwise and there is none yet.</summary>
    private static (byte[] Current, byte[]? Previous) Read(IConfiguration configuration, SoukSettings settings) =>
    (
        configuration["Souk:MasterKey"] is { } given ? Key("Souk:MasterKey", given) : FromFile(configuration["Souk:Keys"] ?? Path.Combine(settings.Data, "keys")),
        configuration["Souk:PreviousMasterKey"] is { } old ? Key("Souk:PreviousMasterKey", old) : null);

    private static byte[] About(string id) => Encoding.UTF8.GetBytes($"data_keys {id}");

    private static byte[] FromFile(string folder)
    {
        var file = Path.Combine(Path.GetFullPath(folder), "master.key");
        try
        {
            PrivateFiles.MakePrivate(Path.GetDirectoryName(file)!);
            return Key(file, PrivateFiles.Shared(file, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes))));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"Souk:Keys: the master key in {file} can't be read: {e.Message}");
        }
    }

    /// <summary>A key fit for AES, from at least as many bytes that look random.</summary>
    private static byte[] Key(string setting, string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text.Trim(), bytes, out var length) && length >= Bytes && bytes[..length].Distinct().Count() >= FewestDifferent
            ? HKDF.DeriveKey(HashAlgorithmName.SHA256, bytes[..length], Bytes, info: "souk master key"u8.ToArray())
            : throw new SettingException($"{setting} must be at least {Bytes} random bytes in Base64, as 'openssl rand -base64 {Bytes}' makes them.");
    }
}
