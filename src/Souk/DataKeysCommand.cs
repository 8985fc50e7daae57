using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Souk.Customers;
using Souk.Platform.Encryption;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Sales;

namespace Souk;

/// <summary><c>souk data-keys</c>: the data keys that fields are encrypted with. It may run beside an open shop, on the same data.</summary>
internal static class DataKeysCommand
{
    public static Command Build()
    {
        var only = new Option<string?>("--service") { Description = "Only this service's keys, where services live apart.", Recursive = true }.AcceptOnlyFromAmong(CustomersService.Definition.Name, SalesService.Definition.Name);
        var rotate = new Command("rotate", "Makes a new data key for each service. Running services take it within a minute, carry over what older keys encrypted, and remove those after an hour.") { TreatUnmatchedTokensAsErrors = false };
        rotate.SetAction((parsed, _) => Commands.Guarded(async () => await Run(await Commands.Settings(parsed.UnmatchedTokens), parsed.InvocationConfiguration.Output, rotate: true, parsed.GetValue(only))));
        var keys = new Command("data-keys", "Lists the data keys that each service's fields are encrypted with, the newest last. It is the one that encrypts.") { only, rotate };
        keys.TreatUnmatchedTokensAsErrors = false;
        keys.SetAction((parsed, _) => Commands.Guarded(async () => await Run(await Commands.Settings(parsed.UnmatchedTokens), parsed.InvocationConfiguration.Output, rotate: false, parsed.GetValue(only))));
        return keys;
    }

    /// <summary>All databases are looked at before a key is made in any.</summary>
    private static async Task Run(IConfiguration configuration, TextWriter output, bool rotate, string? only)
    {
        foreach (var work in new[] { Work.Look, rotate ? Work.Rotate : Work.List })
        {
            await Run<CustomersDb>(CustomersService.Definition, work);
            await Run<SalesDb>(SalesService.Definition, work);
        }

        async Task Run<TDb>(ServiceDefinition definition, Work work)
            where TDb : ServiceDb
        {
            if (only is null || only == definition.Name)
            {
                await using var service = ServiceHost.Build(definition, configuration);
                await Do<TDb>(service.Services, definition, work, output);
            }
        }
    }

    private static async Task Do<TDb>(IServiceProvider parts, ServiceDefinition definition, Work work, TextWriter output)
        where TDb : ServiceDb
    {
        await using var db = await parts.GetRequiredService<IDbContextFactory<TDb>>().CreateDbContextAsync();
        if (!await db.Database.CanConnectAsync() || (await db.Database.GetPendingMigrationsAsync()).Any())
        {
            throw new SettingException($"There is no database for {definition.Title}, or it is not up to date; start the shop once. Where services live apart, name one with --service.");
        }

        if (work == Work.Rotate && (await parts.GetRequiredService<KeyKeeper<TDb>>().Rotate()).Error is { } error)
        {
            throw new SettingException(error.Detail);
        }

        if (work != Work.Look)
        {
            foreach (var key in await db.Set<DataKey>().AsNoTracking().OrderBy(k => k.CreatedAt).ThenBy(k => k.Id).ToListAsync())
            {
                await output.WriteLineAsync($"{definition.Name}  {key.Id}  {key.CreatedAt:yyyy-MM-dd HH:mm:ss}");
            }
        }
    }

    private enum Work
    {
        Look,
        List,
        Rotate,
    }
}
