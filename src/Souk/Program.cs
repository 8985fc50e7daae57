using System.CommandLine;
using Souk;
using Souk.Torture;

var root = new RootCommand("Souk, a backend for online shops. Without a command it runs the whole shop: every service in this process, each on its own port.")
{
    TreatUnmatchedTokensAsErrors = false,
};
root.SetAction((parsed, stop) => Commands.Run(Shop.Services, parsed.UnmatchedTokens, stop));
foreach (var service in Shop.Services)
{
    var alone = new Command(service.Name, $"Runs {service.Title} alone. {service.Description}") { TreatUnmatchedTokensAsErrors = false };
    alone.SetAction((parsed, stop) => Commands.Run([service], parsed.UnmatchedTokens, stop));
    root.Add(alone);
}

root.Add(SeedCommand.Build());
root.Add(DatabaseCommand.Build());
root.Add(VerifyCommand.Build());
root.Add(KeysCommand.Build());
root.Add(DataKeysCommand.Build());
root.Add(AuditCommand.Build());
root.Add(TortureCommand.Build());
root.Description += Environment.NewLine + Environment.NewLine + Commands.SettingsHelp;
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
