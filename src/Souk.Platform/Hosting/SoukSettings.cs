using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Souk.Platform.Hosting;

/// <summary>Which service this is.</summary>
/// <param name="Name">Its name: <c>customers</c>, <c>inventory</c>, <c>sales</c> or <c>reviews</c>.</param>
public sealed record ServiceName(string Name);

/// <summary>A setting that can't be used; the message is one clear line for the person who set it.</summary>
/// <param name="message">What is wrong with which setting.</param>
public sealed class SettingException(string message) : Exception(message);

/// <summary>The databases that can store a service.</summary>
public enum DatabaseKind
{
    /// <summary>A file a service, with no server to set up.</summary>
    Sqlite,

    /// <summary>A server, on which several instances of a service share one database.</summary>
    Postgres,
}

/// <summary>The settings that all services share, checked. <c>docs/settings.md</c> lists every setting.</summary>
public sealed class SoukSettings
{
    private static readonly (string Name, int Port)[] KnownServices = [("customers", 8000), ("reviews", 8001), ("sales", 8002), ("inventory", 8003)];

    private readonly IReadOnlyDictionary<string, string?> _connections;

    private SoukSettings(string data, DatabaseKind database, IReadOnlyDictionary<string, string?> connections, string currency, byte[] serviceKey, IReadOnlyDictionary<string, Uri> services) =>
        (Data, Database, _connections, Currency, ServiceKey, Services) = (data, database, connections, currency, serviceKey, services);

    /// <summary>The folder with the databases; a full path.</summary>
    public string Data { get; }

    /// <summary>What stores the services.</summary>
    public DatabaseKind Database { get; }

    /// <summary>The shop's one currency, an ISO 4217 code.</summary>
    public string Currency { get; }

    /// <summary>The key under which services know each other; at least 32 bytes.</summary>
    public byte[] ServiceKey { get; }

    /// <summary>Where each service listens and is found.</summary>
    public IReadOnlyDictionary<string, Uri> Services { get; }

    /// <summary>Reads and checks the settings, and makes the data folder.</summary>
    /// <exception cref="SettingException">One can't be used.</exception>
    public static SoukSettings Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        KnownSettings.RefuseOthers(configuration);
        var database = Kind(configuration["Souk:Database"] ?? "sqlite");
        var currency = configuration["Souk:Currency"] ?? "USD";
        if (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper))
        {
            throw new SettingException($"Souk:Currency is '{currency}'; it is a code of three capital letters such as USD.");
        }

        var data = Path.GetFullPath(configuration["Souk:Data"] ?? "data");
        if (database == DatabaseKind.Sqlite || configuration["Souk:ServiceKey"] is null)
        {
            PrivateFiles.MakeFolder(data);
        }

        var services = KnownServices.ToDictionary(s => s.Name, s => Url(configuration, s.Name, s.Port));
        var connections = KnownServices.ToDictionary(s => s.Name, s => CheckedConnection(configuration, s.Name));
        return new SoukSettings(data, database, connections, currency, Key(configuration["Souk:ServiceKey"], data), services);
    }

    /// <summary>The name of the setting that says where a service's PostgreSQL database is.</summary>
    public static string ConnectionSetting(string service) => $"ConnectionStrings:{Capital(service)}";

    /// <summary>Where a service's PostgreSQL database is; null when nothing says it.</summary>
    public string? Connection(string service) => _connections[service];

    /// <summary>Refuses settings that don't say where a service's database is. Only what runs here needs one.</summary>
    /// <exception cref="SettingException">They don't.</exception>
    public void RequireDatabase(string service)
    {
        if (Database == DatabaseKind.Postgres && Connection(service) is null)
        {
            throw new SettingException($"{ConnectionSetting(service)} is missing; with Souk:Database=postgres it says where the database of {service} is. 'souk database create' makes one.");
        }
    }

    /// <summary>Reads a whole number within bounds.</summary>
    /// <exception cref="SettingException">It is not one.</exception>
    public static int Number(IConfiguration configuration, string key, int otherwise, int min, int max)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var text = configuration[key];
        return text is null ? otherwise
            : int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var n) && n >= min && n <= max ? n
            : throw new SettingException($"{key} is '{text}'; it is a whole number from {min} to {max}.");
    }

    /// <summary>Reads true or false.</summary>
    /// <exception cref="SettingException">It is neither.</exception>
    public static bool Flag(IConfiguration configuration, string key, bool otherwise)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var text = configuration[key];
        return text is null ? otherwise : bool.TryParse(text, out var flag) ? flag : throw new SettingException($"{key} is '{text}'; it is true or false.");
    }

    private static DatabaseKind Kind(string database) => database switch
    {
        "sqlite" => DatabaseKind.Sqlite,
        "postgres" => DatabaseKind.Postgres,
        _ => throw new SettingException($"Souk:Database is '{database}'; it is 'sqlite' or 'postgres'."),
    };

    /// <summary>A connection string that can be read. What it says is not repeated in a refusal: there is a password in it.</summary>
    private static string? CheckedConnection(IConfiguration configuration, string service)
    {
        var (key, text) = (ConnectionSetting(service), configuration[ConnectionSetting(service)]);
        try
        {
            return text is null || new NpgsqlConnectionStringBuilder(text) is { Host.Length: > 0, Database.Length: > 0 }
                ? text
                : throw new SettingException($"{key} names no Host or no Database.");
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            // Npgsql's own words may repeat a part of the password that looks like a keyword.
            throw new SettingException($"{key} is no connection string of PostgreSQL, such as Host=db.example;Database=souk_{service};Username=souk_{service};Password=…");
        }
    }

    private static string Capital(string service) => $"{char.ToUpperInvariant(service[0])}{service[1..]}";

    private static Uri Url(IConfiguration configuration, string service, int port)
    {
        var key = $"Services:{Capital(service)}:Url";
        var text = configuration[key] ?? $"http://127.0.0.1:{port}";
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.AbsolutePath == "/"
            ? url
            : throw new SettingException($"{key} is '{text}'; it is an address such as http://127.0.0.1:{port}.");
    }

    private static byte[] Key(string? given, string data)
    {
        const int Bytes = 32;
        var text = given ?? PrivateFiles.Shared(Path.Combine(data, "service.key"), () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes)));
        var key = new byte[text.Length];
        if (!Convert.TryFromBase64String(text.Trim(), key, out var length) || length < Bytes)
        {
            throw new SettingException($"Souk:ServiceKey must be at least {Bytes} bytes in Base64.");
        }

        // Of 32 random bytes 16 alike are never seen; of a word that was repeated, or of zeros, they are.
        return key[..length].Distinct().Count() > Bytes / 2
            ? key[..length]
            : throw new SettingException("Souk:ServiceKey must be random; this one repeats itself. 'openssl rand -base64 32' makes one.");
    }
}
