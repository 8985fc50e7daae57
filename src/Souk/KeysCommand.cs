using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Souk.Customers;
using Souk.Customers.Tokens;
using Souk.Platform.Hosting;

namespace Souk;

/// <summary><c>souk keys rotate</c>: makes the next key that tokens are signed with. It may run beside an open shop.</summary>
internal static class KeysCommand
{
    public static Command Build()
    {
        var atOnce = new Option<bool>("--at-once") { Description = "The keys until now count no more: for a key that somebody may have stolen. Everybody signs in again." };
        var rotate = new Command("rotate", "Makes the next key. It is published now and signs in 5 minutes; the one before is retired when its last token has expired, so that nobody notices. May run beside an open shop.") { atOnce };
        rotate.TreatUnmatchedTokensAsErrors = false;
        rotate.SetAction((parsed, _) => Commands.Guarded(async () => await Rotate(parsed.GetValue(atOnce), await Commands.Settings(parsed.UnmatchedTokens), parsed.InvocationConfiguration.Output)));
        return new Command("keys", "Looks after the keys that tokens are signed with.") { rotate };
    }

    private static async Task Rotate(bool atOnce, IConfiguration configuration, TextWriter output)
    {
        // The service is built and not started: its database is all that is needed.
        await using var customers = ServiceHost.Build(CustomersService.Definition, configuration);
        await ShopBooks.Require(customers.Services.GetRequiredService<IDbContextFactory<CustomersDb>>());
        var rotated = await customers.Services.GetRequiredService<RotateKeys>().Run(atOnce);
        if (rotated.Refused(out var error, out var key))
        {
            throw new IOException(error.Detail);
        }

        await output.WriteLineAsync(key.State == KeyState.Next ? $"The key {key.Kid} is published and signs in {KeyRing.PublishedBefore.TotalMinutes:0} minutes." : $"The key {key.Kid} signs; no other counts.");
    }
}
