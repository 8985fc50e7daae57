using Microsoft.Extensions.Configuration;
using Souk.Platform.Hosting;

namespace Souk.Platform.Secrets;

/// <summary>Puts together where settings come from. What comes later wins: the vault, the folder of secret files, the environment and command line.</summary>
public static class SettingSources
{
    /// <summary>Reads all sources.</summary>
    /// <param name="given">The environment and the command line; they say where the others are.</param>
    /// <param name="time">The clock of the vault's leases.</param>
    /// <param name="tell">Takes a line for whoever runs this, when the vault makes trouble later on.</param>
    /// <exception cref="SettingException">One can't be read.</exception>
    public static async Task<IConfigurationRoot> Read(IConfiguration given, TimeProvider time, Action<string> tell)
    {
        ArgumentNullException.ThrowIfNull(given);
        var folder = given["Souk:SecretsFolder"];

        // The token of the vault may itself be one of the files.
        using var known = (ConfigurationRoot)new ConfigurationBuilder().AddSecretFiles(folder).AddConfiguration(given).Build();
        var all = new ConfigurationBuilder();
        if (VaultSettings.Read(known) is { } vault)
        {
            all.Add(await VaultSource.Open(vault, time, tell));
        }

        return all.AddSecretFiles(folder).AddConfiguration(given).Build();
    }
}
