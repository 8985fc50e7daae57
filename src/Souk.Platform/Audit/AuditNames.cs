using System.Security.Cryptography;
using System.Text;
using Souk.Platform.Hosting;

namespace Souk.Platform.Audit;

/// <summary>
/// Names in the audit log. It can't forget anything, so a name that stands in a path is kept as a keyed digest (HMAC-SHA256, RFC 2104): whoever looks for
/// a name finds its entries, and nobody reads names out of the log. Numbers and identifiers stand as they are.
/// </summary>
internal static class AuditNames
{
    private const int Bytes = 8;

    /// <summary>A value of a path as it is kept.</summary>
    public static string Kept(string value, SoukSettings settings) => IsPlain(value) ? value : Digest(value, settings);

    private static bool IsPlain(string value) => long.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out _) || Guid.TryParse(value, out _);

    private static string Digest(string value, SoukSettings settings) =>
        "~" + Convert.ToHexStringLower(HMACSHA256.HashData(settings.ServiceKey, Encoding.UTF8.GetBytes("audit:" + value.ToLowerInvariant())).AsSpan(0, Bytes));
}
