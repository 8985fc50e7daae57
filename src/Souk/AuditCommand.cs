using System.CommandLine;
using System.Globalization;
using Souk.Platform.Audit;

namespace Souk;

/// <summary><c>souk audit verify</c> proves the audit logs, <c>souk audit export</c> writes them out. Both may run beside an open shop, and change nothing.</summary>
internal static class AuditCommand
{
    public static Command Build()
    {
        var verify = new Command("verify", "Proves the chain of every service's audit log: names each block that was edited, deleted or added, and each cut. The exit code tells whether there is one.") { TreatUnmatchedTokensAsErrors = false };
        verify.SetAction(async (parsed, _) =>
        {
            var sound = false;
            var code = await Commands.Guarded(async () => sound = await Verify(await Commands.Settings(parsed.UnmatchedTokens), parsed.InvocationConfiguration.Output));
            return code != 0 ? code : sound ? 0 : 1;
        });
        var service = new Option<string?>("--service") { Description = "Only this service's log." };
        service.AcceptOnlyFromAmong([.. Shop.Services.Select(s => s.Name)]);
        var (from, to) = (new Option<DateTimeOffset?>("--from") { Description = "Not before this time (ISO 8601)." }, new Option<DateTimeOffset?>("--to") { Description = "Before this time (ISO 8601)." });
        var export = new Command("export", "Writes the audit logs to standard output, an entry a line as JSON (NDJSON), the oldest first.") { service, from, to };
        export.TreatUnmatchedTokensAsErrors = false;
        export.SetAction((parsed, _) => Commands.Guarded(async () =>
        {
            await using var logs = await AuditLogs.Open(await Commands.Settings(parsed.UnmatchedTokens));
            var span = new AuditSpan(parsed.GetValue(from)?.UtcDateTime, parsed.GetValue(to)?.UtcDateTime);
            await logs.Export(parsed.GetValue(service), span, parsed.InvocationConfiguration.Output);
        }));
        return new Command("audit", "Proves and exports the audit logs.") { verify, export };
    }

    private static async Task<bool> Verify(IConfiguration configuration, TextWriter output)
    {
        await using var logs = await AuditLogs.Open(configuration);
        var checks = await logs.Check();
        foreach (var (service, check) in checks)
        {
            foreach (var flaw in check.Flaws)
            {
                await output.WriteLineAsync($"{service}: {flaw.Kind} {flaw.Place}");
            }

            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{service}: {check.Blocks:N0} blocks as they were written, {check.Unsealed:N0} not sealed yet, {check.Flaws.Count:N0} flaws"));
        }

        return checks.Values.All(c => c.Flaws.Count == 0);
    }
}
