namespace Souk.Bench;

/// <summary>The measures of a shop with a million products, customers and orders.</summary>
internal sealed class ManyStage(Session session, Layout layout, string folder)
{
    private static readonly TimeSpan Stretch = TimeSpan.FromSeconds(20);

    /// <summary>How the names of its measures end.</summary>
    public static IReadOnlyList<string> Suffixes { get; } = ["-many", "-search"];

    public static IReadOnlyList<string> Measures(string database) => [.. Suffixes.Select(s => database + s)];

    public async Task Run()
    {
        var many = session.Plan.Many;
        using var shop = await Shop.Open(session, layout, folder, many, customers: session.Wants($"{layout.Database}-many") ? many : 1);
        await session.Take($"{layout.Database}-many", async measure =>
        {
            var purchases = new Purchases(shop);
            await PlaceOrders(purchases, shop, many);
            return await session.Median(measure, measure.Name, duration => purchases.Run(many, duration)) with { Remarks = $"{many} products and customers, {await shop.Orders()} orders in the end" };
        });
        using var search = new Search(shop.Urls["Inventory"]);
        await session.Rounds($"{layout.Database}-search", search.Run);
    }

    /// <summary>The load itself places the orders that are to be there: nothing does it faster, and it warms up too.</summary>
    private async Task PlaceOrders(Purchases purchases, Shop shop, int count)
    {
        for (var there = await shop.Orders(); there < count; there = await shop.Orders())
        {
            session.Doing($"{layout.Database}: {there} of {count} orders placed");
            await purchases.Run(count, Stretch);
        }
    }
}
