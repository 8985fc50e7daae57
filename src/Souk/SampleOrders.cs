using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Souk.Contracts;
using Souk.Customers.Accounts;
using Souk.Customers.Sessions;
using Souk.Customers.Tokens;
using Souk.Inventory.Products;
using Souk.Platform.Errors;
using Souk.Platform.Security;

namespace Souk;

/// <summary>Places sample orders over HTTP as sample customers: real sales, with everything that comes of them.</summary>
/// <param name="shop">The shop.</param>
internal sealed class SampleOrders(Shop shop)
{
    private const int AtOnce = 32;
    private const int Buyers = 1000;
    private const int LinesMost = 3;

    /// <summary>Always the same choices for the same data.</summary>
    private readonly Random _random = new(20261121);
    private readonly ConcurrentDictionary<Guid, Session> _sessions = new();

    /// <summary>Places so many; reports each.</summary>
    public async Task Place(int count, Action<int> placed)
    {
        using var http = new HttpClient { BaseAddress = shop.Settings.Services["sales"] };
        var products = await shop["inventory"].GetRequiredService<SampleProducts>().Numbers();
        var customers = await shop["customers"].GetRequiredService<SampleCustomers>().Some(Buyers);
        if (products.Count == 0 || customers.Count == 0)
        {
            throw new Platform.Hosting.SettingException("Orders need products and sample customers; add --products and --customers.");
        }

        var wanted = Enumerable.Range(0, count).Select(i => (Buyer: customers[i % customers.Count], Lines: Lines(products))).ToArray();
        await Parallel.ForEachAsync(wanted, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (order, _) =>
        {
            await Buy(http, order.Buyer, order.Lines);
            placed(1);
        });
    }

    private WantedLine[] Lines(IReadOnlyList<long> products) =>
        [.. Enumerable.Range(0, _random.Next(1, LinesMost + 1)).Select(_ => new WantedLine(products[_random.Next(products.Count)], _random.Next(1, 4)))];

    private async Task Buy(HttpClient http, Customer buyer, WantedLine[] lines)
    {
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v2/orders") { Content = JsonContent.Create(new { lines }, options: WireJson.Plain) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await Token(buyer));
            using var response = await http.SendAsync(request);
            if (response.StatusCode == HttpStatusCode.Created)
            {
                return;
            }

            await Mend(await response.Content.ReadFromJsonAsync<JsonElement>(), lines);
        }
    }

    /// <summary>A fresh token, for a seed can take longer than one lasts; the session is opened once.</summary>
    private async Task<string> Token(Customer buyer)
    {
        if (!_sessions.TryGetValue(buyer.Id, out var session))
        {
            session = (await shop["customers"].GetRequiredService<OpenSession>().Run(buyer, new Origin("", "seed"), refreshable: true)).Value.Session;
            _sessions[buyer.Id] = session;
        }

        return await shop["customers"].GetRequiredService<TokenIssuer>().Issue(buyer, session);
    }

    /// <summary>A sold-out shelf gets a delivery; anything else is news.</summary>
    private async Task Mend(JsonElement problem, WantedLine[] lines)
    {
        if (problem.GetProperty("code").GetString() != "out_of_stock")
        {
            throw new IOException($"A sample order was refused: {problem.GetProperty("detail")}");
        }

        foreach (var line in lines)
        {
            await shop["inventory"].GetRequiredService<SampleProducts>().Deliver(line.ProductId);
        }
    }
}
