using Microsoft.Extensions.Configuration;
using Souk.Platform.Hosting;

namespace Souk.Reviews;

/// <summary>The rules that a shop may set.</summary>
/// <param name="RequirePurchase">Whether only customers who bought a product may review it.</param>
/// <param name="ReportsToHide">How many reports send an approved review back to the moderators.</param>
internal sealed record ReviewRules(bool RequirePurchase, int ReportsToHide)
{
    public static ReviewRules Read(IConfiguration configuration) => new(
        SoukSettings.Flag(configuration, "Reviews:RequirePurchase", otherwise: true),
        SoukSettings.Number(configuration, "Reviews:ReportsToHide", otherwise: 3, min: 1, max: 1000));
}
