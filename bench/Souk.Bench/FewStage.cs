namespace Souk.Bench;

/// <summary>The measures of a shop with ten thousand products and customers.</summary>
internal sealed class FewStage(Session session, Layout layout, string folder)
{
    private readonly string _database = layout.Database;

    public static IReadOnlyList<string> Measures(string database) => [.. new[] { "random", "hot", "half", "get", "page", "overload" }.Select(m => $"{database}-{m}")];

    public async Task Run()
    {
        using var shop = await Shop.Open(session, layout, folder, Plan.Few, Plan.Few);
        var purchases = new Purchases(shop);
        await session.Rounds($"{_database}-random", duration => purchases.Run(Plan.Few, duration));
        await session.Rounds($"{_database}-hot", duration => purchases.Run(1, duration));
    }
}
