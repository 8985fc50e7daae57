using System.CommandLine;
using Souk.Customers.Accounts;
using Souk.Inventory.Products;
using Spectre.Console;

namespace Souk;

/// <summary><c>souk seed</c>: fills a shop. It may run beside an open shop, on the same data.</summary>
internal static class SeedCommand
{
    private const int Most = 10_000_000;

    public static Command Build()
    {
        var (products, customers, orders) = (Number("--products", "How many products to add."), Number("--customers", "How many customers to add, each with money in the wallet."), Number("--orders", "How many orders to place, each one a sale like any other."));
        var stock = Number("--stock", "How many of each added product there are, where the few dozens or hundreds of the sample catalogue will not do.");
        var seed = new Command("seed", $"Fills a shop with sample data. The password of sample customers is '{SampleCustomers.Password}'.") { products, stock, customers, orders };
        seed.TreatUnmatchedTokensAsErrors = false;
        seed.SetAction((parsed, _) => Commands.Guarded(() => Run(parsed.GetValue(products), parsed.GetValue(stock), parsed.GetValue(customers), parsed.GetValue(orders), parsed.UnmatchedTokens)));
        return seed;
    }

    private static Option<int> Number(string name, string description)
    {
        var option = new Option<int>(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > Most)
            {
                result.AddError($"{name} is a number from 0 to {Most}.");
            }
        });
        return option;
    }

    private static async Task Run(int products, int stock, int customers, int orders, IReadOnlyList<string> settings)
    {
        // On ports of its own, so that an open shop is not in the way; the data is the same.
        var elsewhere = Shop.Services.Zip(FreePort.Some(Shop.Services.Count)).SelectMany(x => new[] { $"--Services:{x.First.Name}:Url", $"http://127.0.0.1:{x.Second}" });
        await using var shop = await Shop.Start(Shop.Services, await Commands.Settings([.. settings, .. elsewhere, "--Tls:Mutual", "false"]));
        await Banner.PrintAdmin(shop);
        await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async progress =>
        {
            await Task.WhenAll(
                Step(progress, "products", products, added => shop["inventory"].GetRequiredService<SampleProducts>().Fill(products, stock, added)),
                Step(progress, "customers", customers, added => shop["customers"].GetRequiredService<SampleCustomers>().Fill(customers, added)));
            await Step(progress, "orders", orders, added => new SampleOrders(shop).Place(orders, added));
        });
        AnsiConsole.WriteLine($"Added {products} products, {customers} customers and {orders} orders to {shop.Settings.Data}.");
    }

    private static async Task Step(ProgressContext progress, string name, int count, Func<Action<int>, Task> fill)
    {
        if (count > 0)
        {
            var bar = progress.AddTask(name, maxValue: count);
            await fill(added => bar.Increment(added));
        }
    }
}
