using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Souk.Platform.Hosting;

namespace Souk.Platform.Secrets;

/// <summary>
/// Settings in files, one a file, as Docker and Kubernetes mount secrets: the file <c>Souk__ServiceKey</c> (or <c>Souk--ServiceKey</c>)
/// holds the setting <c>Souk:ServiceKey</c>. A file that changes is read again.
/// </summary>
internal static class SecretFiles
{
    private static readonly string[] Colons = ["__", "--"];

    /// <summary>Adds the files of a folder.</summary>
    /// <exception cref="SettingException">The folder or a file can't be read.</exception>
    public static IConfigurationBuilder AddSecretFiles(this IConfigurationBuilder builder, string? folder)
    {
        if (folder is null)
        {
            return builder;
        }

        try
        {
            // By looking every few seconds: Kubernetes swaps the whole folder behind a link, which no file's own notice tells.
            var files = new PhysicalFileProvider(Path.GetFullPath(folder)) { UsePollingFileWatcher = true, UseActivePolling = true };
            foreach (var colon in Colons)
            {
                builder.Add(new Microsoft.Extensions.Configuration.KeyPerFile.KeyPerFileConfigurationSource { FileProvider = files, SectionDelimiter = colon, ReloadOnChange = true });
            }

            // Read once here, so that a file that can't be read is told as what it is.
            using var once = new ConfigurationBuilder().AddKeyPerFile(Path.GetFullPath(folder), optional: false).Build() as ConfigurationRoot;
            return builder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new SettingException($"Souk:SecretsFolder is '{folder}', which can't be read: {e.Message}");
        }
    }
}
