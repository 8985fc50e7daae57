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
        var rotate = new Command("rotate", "Makes a new data key for each service. Running services take it within a minute, carry over what older keys encrypted, and remove those after an hour.") { TreatUnmatchedTokensAsErrors = false };
        rotate.SetAction((parsed, _) => Commands.Guarded(async () => await Run(await Commands.Settings(parsed.UnmatchedTokens), parsed.InvocationConfiguration.Output, rotate: true)));
        var keys = new Command("data-keys", "Lists the data keys that each service's fields are encrypted with, the newest last. It is the one that encrypts.") { rotate };
        keys.TreatUnmatchedTokensAsErrors = false;
        keys.SetAction((parsed, _) => Commands.Guarded(async () => await Run(await Commands.Settings(parsed.UnmatchedTokens), parsed.InvocationConfiguration.Output, rotate: false)));
        return keys;
    }

    private static async Task Run(IConfiguration configuration, TextWriter output, bool rotate)
    {
        await Run<CustomersDb>(CustomersService.Definition, configuration, output, rotate);
        await Run<SalesDb>(SalesService.Definition, configuration, output, rotate);
    }

    private static async Task Run<TDb>(ServiceDefinition definition, IConfiguration configuration, TextWriter output, bool rotate)
        where TDb : ServiceDb
    {
        await using var service = ServiceHost.Build(definition, configuration);
        await using var db = await service.Services.GetRequiredService<IDbContextFactory<TDb>>().CreateDbContextAsync();
        if (!await db.Database.CanConnectAsync() || (await db.Database.GetPendingMigrationsAsync()).Any())
        {
            throw new SettingException($"There is no database for {definition.Title}, or it is not up to date; start the shop once.");
        }

        if (rotate && (await service.Services.GetRequiredService<KeyKeeper<TDb>>().Rotate()).Error is { } error)
        {
            throw new SettingException(error.Detail);
        }

        foreach (var key in await db.Set<DataKey>().AsNoTracking().OrderBy(k => k.CreatedAt).ThenBy(k => k.Id).ToListAsync())
        {
            await output.WriteLineAsync($"{definition.Name}  {key.Id}  {key.CreatedAt:yyyy-MM-dd HH:mm:ss}");
        }
    }
}
