using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Souk.Platform.Hosting;

namespace Souk.Customers.Factors;

/// <summary>For which domain passkeys are made, and from which pages they may be used.</summary>
/// <param name="Domain">The relying party's identifier: the domain that customers see, or one above it.</param>
/// <param name="Origins">The pages' origins; empty: HTTPS at the domain itself, and any port where that is localhost.</param>
internal sealed record PasskeyRules(string Domain, IReadOnlySet<string> Origins)
{
    /// <summary>Reads the settings.</summary>
    /// <exception cref="SettingException">One can't be used.</exception>
    public static PasskeyRules Read(IConfiguration configuration)
    {
        var domain = configuration["Customers:PasskeyDomain"] ?? "localhost";
        if (Uri.CheckHostName(domain) != UriHostNameType.Dns)
        {
            throw new SettingException($"Customers:PasskeyDomain is '{domain}'; it is a domain such as shop.example, without a scheme or a port.");
        }

        var origins = (configuration["Customers:PasskeyOrigins"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (origins.FirstOrDefault(o => !Uri.TryCreate(o, UriKind.Absolute, out var uri) || uri.GetLeftPart(UriPartial.Authority) != o) is { } wrong)
        {
            throw new SettingException($"Customers:PasskeyOrigins has '{wrong}'; it is a list of origins such as https://shop.example, with commas between.");
        }

        return new PasskeyRules(domain, origins.ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>The same for Identity. A passkey asks its owner for a finger or a PIN each time, so that it is two factors in one.</summary>
    public IdentityPasskeyOptions Options() => new()
    {
        ServerDomain = Domain,
        AuthenticatorTimeout = PasskeyChallenge.Lifetime,
        UserVerificationRequirement = "required",
        ResidentKeyRequirement = "required",
        ValidateOrigin = asked => ValueTask.FromResult(!asked.CrossOrigin && Allows(asked.Origin)),
    };

    private bool Allows(string origin) =>
        Origins.Count > 0 ? Origins.Contains(origin)
        : Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Host == Domain && (page.Host == "localhost" || (page.Scheme == Uri.UriSchemeHttps && page.IsDefaultPort));
}
