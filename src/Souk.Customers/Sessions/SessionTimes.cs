using Microsoft.Extensions.Configuration;
using Souk.Platform.Hosting;
using Souk.Platform.Security;

namespace Souk.Customers.Sessions;

/// <summary>How long sessions last.</summary>
/// <param name="Idle">How long one lasts that is not refreshed.</param>
/// <param name="Longest">How long one lasts at most; then the password has to be shown again.</param>
internal sealed record SessionTimes(TimeSpan Idle, TimeSpan Longest)
{
    /// <summary>How long any token of a session may count after it was issued.</summary>
    public static readonly TimeSpan OfAccessToken = TokenNames.Lifetime + TokenNames.Skew;

    /// <summary>Reads and checks the settings.</summary>
    public static SessionTimes Of(IConfiguration configuration) => new(
        TimeSpan.FromDays(SoukSettings.Number(configuration, "Sessions:IdleDays", 14, 1, 90)),
        TimeSpan.FromDays(SoukSettings.Number(configuration, "Sessions:LongestDays", 90, 1, 365)));

    /// <summary>When a session ends that is used now.</summary>
    /// <param name="started">When it began.</param>
    /// <param name="now">Now.</param>
    public DateTime EndOf(DateTime started, DateTime now) => now + Idle < started + Longest ? now + Idle : started + Longest;
}
