using Microsoft.Extensions.Configuration;

namespace Souk.Platform.Hosting;

/// <summary>Which settings there are. <c>docs/settings.md</c> says what each does.</summary>
public static class KnownSettings
{
    private static readonly Dictionary<string, string[]> Keys = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Souk"] =
        [
            "Data", "Database", "Currency", "AdminPassword", "ServiceKey", "SampleCatalogue", "PublicUrl", "StepUpAbove", "RateLimits", "Proxies", "CorsOrigins",
            "MasterKey", "PreviousMasterKey", "Keys", "KeyDays", "DatabaseKey", "SqliteLibrary", "SecretsFolder", "Vault",
        ],
        ["Souk:Vault"] = ["Address", "Mount", "Path", "Namespace", "Token", "TokenFile", "RoleId", "SecretId", "AuthMount", "Ca", "RefreshSeconds"],
        ["Tls"] = ["Certificate", "Key", "KeyPassword", "Ca", "Mutual"],
        ["ConnectionStrings"] = ["Customers", "Reviews", "Sales", "Inventory"],
        ["Services"] = ["Customers", "Reviews", "Sales", "Inventory"],
        ["Customers"] = ["PasswordRounds", "PasskeyDomain", "PasskeyOrigins", "SigningKeyDays", "PaymentSecret"],
        ["Sessions"] = ["IdleDays", "LongestDays"],
        ["SignIn"] = ["WrongPasswords", "WrongCodes", "PauseSeconds", "LongestPauseSeconds"],
        ["Sales"] = ["CancelMinutes", "WebhookNetworks"],
        ["Reviews"] = ["RequirePurchase", "ReportsToHide"],
        ["Holds"] = ["LeaseSeconds"],
        ["Audit"] = ["KeepDays"],
        ["Log"] = ["Format", "Requests"],
        ["Otlp"] = ["Endpoint"],
    };

    /// <summary>The names of all settings.</summary>
    internal static IEnumerable<string> Names => Keys.SelectMany(k => k.Value.Select(name => $"{k.Key}:{name}"));

    /// <summary>The settings that are secrets: what they say is never printed, logged or repeated in a refusal.</summary>
    internal static IReadOnlyList<string> Secrets { get; } =
    [
        "Souk:AdminPassword", "Souk:ServiceKey", "Souk:Vault:Token", "Souk:Vault:SecretId", "Tls:KeyPassword", "Customers:PaymentSecret",
        "Souk:MasterKey", "Souk:PreviousMasterKey", "Souk:DatabaseKey",
        .. Keys["ConnectionStrings"].Select(name => $"ConnectionStrings:{name}"),
    ];

    /// <summary>The first words of all settings.</summary>
    public static IEnumerable<string> Sections => Keys.Keys.Where(k => !k.Contains(':', StringComparison.Ordinal));

    /// <summary>Refuses a setting that there is not: it is a misspelt one.</summary>
    /// <exception cref="SettingException">There is one.</exception>
    internal static void RefuseOthers(IConfiguration configuration)
    {
        foreach (var (section, keys) in Keys)
        {
            if (configuration.GetSection(section).GetChildren().FirstOrDefault(c => !keys.Contains(c.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            {
                throw new SettingException($"{section}:{unknown.Key} is not a setting; {section} has {string.Join(", ", keys)}.");
            }
        }

        if (configuration.GetSection("Services").GetChildren().SelectMany(s => s.GetChildren()).FirstOrDefault(c => !c.Key.Equals("Url", StringComparison.OrdinalIgnoreCase)) is { } odd)
        {
            throw new SettingException($"{odd.Path} is not a setting; a service has Url.");
        }
    }
}
