using Microsoft.Extensions.Configuration;
using Souk.Platform.Hosting;

namespace Souk.Platform.Secrets;

/// <summary>Where a HashiCorp Vault is, how to sign in, and what to read there (the KV engine, version 2).</summary>
internal sealed record VaultSettings
{
    public const string Section = "Souk:Vault";

    /// <summary>Its address; over TLS, unless it is on this machine.</summary>
    public required Uri Address { get; init; }

    /// <summary>Where the KV engine is mounted, and the secret there: one secret holds all settings.</summary>
    public required string Mount { get; init; }

    /// <summary>The secret's path below <see cref="Mount"/>.</summary>
    public required string Path { get; init; }

    /// <summary>The namespace (Vault Enterprise), or null.</summary>
    public string? Namespace { get; init; }

    /// <summary>A token, if one is given; it comes from a file when <see cref="TokenFile"/> is set.</summary>
    public string? Token { get; init; }

    /// <summary>A file with a token, read again at each sign-in: an agent may renew it.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The AppRole to sign in as, with where that method is mounted.</summary>
    public string? RoleId { get; init; }

    /// <summary>The AppRole's secret.</summary>
    public string? SecretId { get; init; }

    /// <summary>Where the AppRole method is mounted.</summary>
    public required string AuthMount { get; init; }

    /// <summary>A PEM file of the authorities that may have signed its certificate; null for the machine's own.</summary>
    public string? Ca { get; init; }

    /// <summary>How often the secret is read again; null for never.</summary>
    public TimeSpan? Refresh { get; init; }

    /// <summary>Reads the settings; null when there is no vault.</summary>
    /// <exception cref="SettingException">One can't be used.</exception>
    public static VaultSettings? Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        if (!section.GetChildren().Any())
        {
            return null;
        }

        var seconds = SoukSettings.Number(configuration, $"{Section}:RefreshSeconds", 60, 0, 86_400);
        var settings = new VaultSettings
        {
            Address = AddressOf(section["Address"]),
            Mount = PathOf(section, "Mount", "secret"),
            Path = PathOf(section, "Path", "souk"),
            Namespace = Visible(section["Namespace"], "Namespace"),
            Token = Visible(section["Token"], "Token"),
            TokenFile = section["TokenFile"],
            RoleId = section["RoleId"],
            SecretId = section["SecretId"],
            AuthMount = PathOf(section, "AuthMount", "approle"),
            Ca = section["Ca"],
            Refresh = seconds == 0 ? null : TimeSpan.FromSeconds(seconds),
        };
        return new[] { settings.Token, settings.TokenFile, settings.RoleId }.Count(way => way is not null) == 1
            ? settings
            : throw new SettingException($"{Section} needs one of Token, TokenFile and RoleId (with SecretId).");
    }

    /// <summary>Whether a text can go into a header.</summary>
    public static bool IsVisible(string text) => text.Length > 0 && text.All(c => c is > ' ' and <= '~');

    /// <summary>What it says is not repeated in a refusal: it may be a token.</summary>
    private static string? Visible(string? text, string key) =>
        text is null || IsVisible(text) ? text : throw new SettingException($"{Section}:{key} is empty or has other characters than visible ASCII.");

    private static Uri AddressOf(string? text) =>
        text is null ? throw new SettingException($"{Section}:Address is missing; it says where the vault is.")
        : Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback)) && url.AbsolutePath == "/" && url.UserInfo.Length == 0
            ? url
            : throw new SettingException($"{Section}:Address can't be used; it is an address such as https://vault.example:8200, with https unless it is on this machine.");

    private static string PathOf(IConfiguration section, string key, string otherwise)
    {
        var text = section[key] ?? otherwise;
        var parts = text.Trim('/').Split('/');
        return parts.All(p => p.Length > 0 && p is not ("." or ".."))
            ? string.Join('/', parts.Select(Uri.EscapeDataString))
            : throw new SettingException($"{Section}:{key} is '{text}'; it is a path such as {otherwise}.");
    }
}
