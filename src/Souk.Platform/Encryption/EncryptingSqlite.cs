using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Souk.Platform.Hosting;

namespace Souk.Platform.Encryption;

/// <summary>
/// Whole SQLite files encrypted, logs among them, where <c>Souk:DatabaseKey</c> is set and <c>Souk:SqliteLibrary</c> names a build of
/// SQLite that does it: SQLite3 Multiple Ciphers (https://utelle.github.io/SQLite3MultipleCiphers), by its standard cipher
/// ChaCha20-Poly1305.
/// </summary>
internal sealed class EncryptingSqlite
{
    /// <summary>What SQLite says of a file that it can't make out (https://www.sqlite.org/rescode.html#notadb): with a wrong key, for one.</summary>
    public const int NotADatabase = 26;

    private const string Engine = "SQLitePCLRaw.provider.e_sqlite3";
    private const int Bytes = 32;

    /// <summary>The first one whose checkpoints lose nothing that is committed meanwhile (https://www.sqlite.org/wal.html#walresetbug).</summary>
    private static readonly Version Oldest = new(3, 51, 3);

    private static readonly Lock Once = new();
    private static string? _library;

    /// <summary>Reads the settings, before any file is opened: a process has one library.</summary>
    /// <exception cref="SettingException">The key is weak, or the library is missing or does not encrypt.</exception>
    public EncryptingSqlite(IConfiguration configuration) => Prelude = Read(configuration["Souk:DatabaseKey"], configuration["Souk:SqliteLibrary"]);

    /// <summary>What a new connection is told first: the key, or nothing.</summary>
    public string Prelude { get; }

    private static string Read(string? key, string? library)
    {
        if (key is null)
        {
            return "";
        }

        var bytes = new byte[key.Length];
        if (!Convert.TryFromBase64String(key.Trim(), bytes, out var length) || length < Bytes)
        {
            throw new SettingException($"Souk:DatabaseKey must be at least {Bytes} random bytes in Base64, as 'openssl rand -base64 {Bytes}' makes them.");
        }

        Load(library ?? throw new SettingException("Souk:DatabaseKey needs a SQLite that encrypts; Souk:SqliteLibrary names it (a build of SQLite3 Multiple Ciphers)."));
        return $"PRAGMA key = 'raw:{Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, bytes[..length], Bytes, info: "souk database file"u8.ToArray()))}';";
    }

    /// <summary>Puts the library in the place of the one that Souk brings; a process has one.</summary>
    private static void Load(string path)
    {
        lock (Once)
        {
            if (_library is null)
            {
                NativeLibrary.SetDllImportResolver(Assembly.Load(Engine), (name, _, _) => name == "e_sqlite3" ? NativeLibrary.Load(path) : IntPtr.Zero);
                _library = path;
            }
        }

        RequireEncryption(path);
    }

    /// <summary>A SQLite without encryption takes a key and ignores it. That must not go unnoticed.</summary>
    private static void RequireEncryption(string path)
    {
        try
        {
            using var memory = new SqliteConnection("Data Source=:memory:");
            memory.Open();
            using var command = memory.CreateCommand();
            command.CommandText = "SELECT sqlite3mc_version()";
            command.ExecuteScalar();
            command.CommandText = "SELECT sqlite_version()";
            if (Version.Parse((string)command.ExecuteScalar()!) < Oldest)
            {
                throw new SettingException($"Souk:SqliteLibrary: {path} is older than SQLite {Oldest}, which loses what was committed in rare cases (https://www.sqlite.org/wal.html#walresetbug).");
            }
        }
        catch (Exception e) when (e is SqliteException or DllNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            throw new SettingException($"Souk:SqliteLibrary: {path} is not a SQLite that encrypts (SQLite3 Multiple Ciphers): {e.GetBaseException().Message.ReplaceLineEndings(" ").Trim()}");
        }
    }
}
