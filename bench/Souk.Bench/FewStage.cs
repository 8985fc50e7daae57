namespace Souk.Bench;

/// <summary>The measures of a shop with ten thousand products and customers.</summary>
internal sealed class FewStage(Session session, Layout layout, string folder)
{
    /// <summary>
    /// Holds are settled when their leases run out, half a minute after the sale. Whoever has bought for that long at half of the peak has left the
    /// measures before behind, and from then on settles as much as is sold.
    /// </summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(35);

    private readonly string _database = layout.Database;

    public static IReadOnlyList<string> Measures(string database) => [.. new[] { "random", "hot", "half", "get", "page", "overload" }.Select(m => $"{database}-{m}")];

    public async Task Run()
    {
        using var shop = await Shop.Open(session, layout, folder, Plan.Few, Plan.Few);
        var purchases = new Purchases(shop);
        await session.Rounds($"{_database}-random", duration => purchases.Run(Plan.Few, duration));
        await session.Rounds($"{_database}-hot", duration => purchases.Run(1, duration));
        await Reads(shop);
        if (!session.Wants($"{_database}-half", $"{_database}-overload"))
        {
            return;
        }

        var peak = session.Results[$"{_database}-random"] ?? await Peak(purchases);
        await session.Take($"{_database}-half", async measure =>
        {
            session.Doing($"{measure.Name}: buying at that rate until what was sold before is settled");
            await purchases.Paced(peak / 2, Settling);
            return await session.Median(measure, measure.Name, duration => purchases.Paced(peak / 2, duration));
        });
        await session.Take($"{_database}-overload", measure => new Overload(session, shop, purchases).Run(measure, peak));
    }

    private async Task Reads(Shop shop)
    {
        var reads = new Reads(shop.Urls["Inventory"], folder, shop.ProcessorSeconds);
        await session.Rounds($"{_database}-get", duration => reads.Run(Enumerable.Range(1, Plan.Few).Select(id => $"/api/v2/products/{id}"), duration));
        if (session.Wants($"{_database}-page"))
        {
            var pages = await reads.Pages("/api/v2/products?limit=20");
            await session.Rounds($"{_database}-page", duration => reads.Run(pages, duration));
        }
    }

    /// <summary>The peak, when it was not measured in its own right.</summary>
    private async Task<double> Peak(Purchases purchases)
    {
        session.Doing($"{_database}: finding the peak");
        await purchases.Run(Plan.Few, session.Plan.WarmUp);
        return (await purchases.Run(Plan.Few, session.Plan.Round)).Value;
    }
}
