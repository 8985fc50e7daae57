using System.Globalization;

namespace Souk.Torture;

/// <summary>Buyers at full load, and what they buy: goods in plenty, and two of which there are too few.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private static readonly (int Stock, int Price)[] Goods = [(20, 3), (20, 11), (1_000_000, 1), (1_000_000, 2), (1_000_000, 5), (1_000_000, 7), (1_000_000, 13), (1_000_000, 19)];

    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Buyer> _buyers = [];
    private Task _shopping = Task.CompletedTask;

    public IReadOnlyList<Buyer> Buyers => _buyers;

    public Tally Tally { get; } = new();

    /// <summary>Fills the shelves and lets so many buyers in; they don't buy yet.</summary>
    public static async Task<Crowd> Enter(TorturedShop shop, int buyers, int seed)
    {
        var crowd = new Crowd();
        var admin = crowd.Client(shop, "admin", seed);
        await admin.SignIn(TorturedShop.AdminPassword);
        var products = new List<long>();
        foreach (var (stock, price) in Goods)
        {
            var product = new { name = $"Product {products.Count}", category = "food", price = new { amount = $"{price}.00", currency = "USD" }, description = "To be fought for.", stock };
            var added = await admin.Ask(HttpMethod.Post, "inventory", "/api/v2/products", product, string.Create(CultureInfo.InvariantCulture, $"product-{products.Count}"));
            products.Add(added!.Body.GetProperty("id").GetInt64());
        }

        for (var i = 0; i < buyers; i++)
        {
            var buyer = new Buyer(crowd.Client(shop, string.Create(CultureInfo.InvariantCulture, $"buyer-{i}"), seed + 1 + i), crowd.Tally, products);
            await buyer.Enter();
            crowd._buyers.Add(buyer);
        }

        return crowd;
    }

    /// <summary>They begin.</summary>
    public void Start() => _shopping = Task.WhenAll(_buyers.Select(b => Task.Run(() => b.Shop(_stop.Token))));

    /// <summary>They end what they have begun.</summary>
    public async Task Stop()
    {
        await _stop.CancelAsync();
        await _shopping;
    }

    /// <summary>Waits until there are so many more of something.</summary>
    /// <param name="count">What is counted.</param>
    /// <param name="more">How many more.</param>
    /// <param name="most">How long at most.</param>
    /// <returns>Whether there were.</returns>
    public async Task<bool> More(Func<Tally, int> count, int more, TimeSpan most)
    {
        var (goal, started) = (count(Tally) + more, TimeProvider.System.GetTimestamp());
        while (count(Tally) < goal && TimeProvider.System.GetElapsedTime(started) < most)
        {
            if (_shopping.IsFaulted)
            {
                await _shopping;
            }

            await Task.Delay(10);
        }

        return count(Tally) >= goal;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _shopping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _http.Dispose();
        _stop.Dispose();
    }

    private Client Client(TorturedShop shop, string username, int seed) => new(shop, _http, username, Tally, new Random(seed));
}
