using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Souk.Platform.Hosting;
using Souk.Platform.Secrets;

namespace Souk;

/// <summary>What the commands share: reading settings, running until told to stop, and one clear line when that can't be.</summary>
internal static class Commands
{
    public const string SettingsHelp = """
        Settings follow any command as --Name value, or stand in the environment with two underscores for each colon (Souk__Data=/srv/shop):
          --Souk:Data FOLDER              where the databases live (default: data)
          --Souk:Database postgres        on PostgreSQL instead; --ConnectionStrings:Sales and the others say where
          --Souk:AdminPassword PASSWORD   of the first admin, user name admin (default: a random one, shown once)
          --Souk:SampleCatalogue false    start with an empty shop
          --Souk:Currency CODE            the shop's one currency (default: USD)
          --Souk:SecretsFolder FOLDER     secrets as files, one a setting: Souk__ServiceKey and so on
          --Souk:Vault:Address URL        secrets of a HashiCorp Vault
          --Services:Sales:Url URL        where a service listens and is found; likewise Customers, Inventory, Reviews
        docs/settings.md lists them all.
        """;

    /// <summary>Runs services until a signal, then lets requests under way end. Returns the exit code.</summary>
    public static Task<int> Run(IReadOnlyList<ServiceDefinition> services, IReadOnlyList<string> settings, CancellationToken stop) => Guarded(async () =>
    {
        var configuration = await Settings(settings);
        var stopped = new TaskCompletionSource();
        using var cancelled = stop.Register(() => stopped.TrySetResult());
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await using var shop = await Shop.Start(services, configuration);
        await Banner.Print(shop, services.Count > 1, configuration["Tls:Ca"]);

        // Starting leaves garbage and code behind that an idle shop need not keep.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        await stopped.Task;
        Console.WriteLine("Stopping; requests under way are answered.");

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopped.TrySetResult();
        }
    });

    /// <summary>Turns what a person can mend into one line and a non-zero exit code.</summary>
    public static async Task<int> Guarded(Func<Task> run)
    {
        try
        {
            await run();
            return 0;
        }
        catch (SettingException e)
        {
            return Fail(e.Message);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            return Fail($"{e.Message} Stop what listens there, or choose another address with --Services:<Name>:Url.");
        }
        catch (IOException e)
        {
            return Fail(e.Message);
        }
    }

    /// <summary>The settings of the command line, the environment, and wherever those say that more stands.</summary>
    /// <exception cref="SettingException">One can't be read.</exception>
    public static Task<IConfigurationRoot> Settings(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i += arguments[i].Contains('=', StringComparison.Ordinal) ? 1 : 2)
        {
            var name = arguments[i].Split('=')[0];
            if (!name.StartsWith("--", StringComparison.Ordinal) || !name.Contains(':', StringComparison.Ordinal))
            {
                // A value that slipped out of its place may be a password: only what looks like a name is repeated.
                throw new SettingException($"{(name.StartsWith("--", StringComparison.Ordinal) ? $"'{name}'" : $"Argument {i + 1}")} is neither a command nor a setting; see --help.");
            }

            if (!KnownSettings.Sections.Contains(name[2..].Split(':')[0], StringComparer.OrdinalIgnoreCase))
            {
                throw new SettingException($"{name} is not a setting; settings begin with {string.Join(", ", KnownSettings.Sections)}.");
            }

            if (!arguments[i].Contains('=', StringComparison.Ordinal) && i + 1 == arguments.Count)
            {
                throw new SettingException($"{name} needs a value.");
            }
        }

        var given = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine([.. arguments]).Build();
        return SettingSources.Read(given, TimeProvider.System, line => Console.Error.WriteLine($"souk: {line}"));
    }

    private static int Fail(string line)
    {
        Console.Error.WriteLine($"souk: {line}");
        return 1;
    }
}
