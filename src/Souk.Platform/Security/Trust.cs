using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Souk.Platform.Hosting;

namespace Souk.Platform.Security;

/// <summary>Whose signature on a certificate counts.</summary>
internal static class Trust
{
    /// <summary>
    /// Trust in the authorities of a PEM file and in no others; null without a file, which leaves trust to the machine. Authorities of one's
    /// own seldom publish what they revoked, so nothing is asked for: give certificates short lives.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="setting">The setting that names it.</param>
    /// <exception cref="SettingException">It can't be read, or holds no certificate.</exception>
    public static X509ChainPolicy? InOnly(string? file, string setting)
    {
        if (file is null)
        {
            return null;
        }

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SettingException($"{setting} is '{file}', which can't be read: {e.Message}");
        }

        return policy.CustomTrustStore.Count > 0 ? policy : throw new SettingException($"{setting} is '{file}', which holds no certificate in PEM form.");
    }
}
