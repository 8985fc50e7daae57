using Microsoft.Extensions.Configuration;
using Souk.Platform.Hosting;

namespace Souk.Platform.Traffic;

/// <summary>The shop's rate limits, as set. <c>docs/rate-limits.md</c> tells what the defaults are and why.</summary>
internal sealed class RateRules
{
    private const string Section = "Souk:RateLimits";

    private static readonly (string Key, string Name, string Otherwise)[] Known =
    [
        ("SignInPerAddress", "sign-in-per-address", "30/60"),
        ("ReadsPerAddress", "reads-per-address", "12000/60"),
        ("WritesPerAddress", "writes-per-address", "6000/60"),
        ("ReadsPerAccount", "reads-per-account", "6000/60"),
        ("WritesPerAccount", "writes-per-account", "1200/60"),
    ];

    private readonly RateRule?[] _rules;

    private RateRules(RateRule?[] rules, bool exemptLoopback) => (_rules, ExemptLoopback) = (rules, exemptLoopback);

    /// <summary>Whether requests from this very machine are not counted.</summary>
    public bool ExemptLoopback { get; }

    /// <summary>Reads and checks them.</summary>
    /// <exception cref="SettingException">A setting can't be used.</exception>
    public static RateRules Read(IConfiguration configuration)
    {
        string[] keys = [.. Known.Select(k => k.Key), nameof(ExemptLoopback), "Routes"];
        if (configuration.GetSection(Section).GetChildren().FirstOrDefault(c => !keys.Contains(c.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw new SettingException($"{unknown.Path} is not a setting; {Section} has {string.Join(", ", keys)}.");
        }

        return new(
            [.. Known.Select(k => RateRule.Read(k.Name, $"{Section}:{k.Key}", configuration[$"{Section}:{k.Key}"] ?? k.Otherwise))],
            SoukSettings.Flag(configuration, $"{Section}:{nameof(ExemptLoopback)}", otherwise: false));
    }

    /// <summary>What one address may send of a kind of request; null for no limit.</summary>
    public RateRule? PerAddress(RateClass kind) =>
        kind == RateClass.Reads ? _rules[1] : kind == RateClass.Writes ? _rules[2] : kind == RateClass.SignIn ? _rules[0] : null;

    /// <summary>What one account may send of a kind of request, from wherever; null for no limit.</summary>
    public RateRule? PerAccount(RateClass kind) =>
        kind == RateClass.Reads ? _rules[3] : kind == RateClass.Writes ? _rules[4] : null;
}
