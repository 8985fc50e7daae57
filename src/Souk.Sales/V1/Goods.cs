using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Platform.Values;

namespace Souk.Sales.V1;

/// <summary>A good as the first contract lists it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Price">What one costs.</param>
internal sealed record ListedGood(string Name, [property: System.Text.Json.Serialization.JsonConverter(typeof(V1MoneyJson))] Money Price);

/// <summary>Which good.</summary>
internal sealed class GoodPath
{
    /// <summary>The good's number.</summary>
    public required long GoodId { get; set; }
}

/// <summary>What Sales shows of Inventory's goods, fresh at each call.</summary>
internal static class Goods
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/goods", async (Peers peers, HttpContext http) =>
                (await Next(peers, 0, http.RequestAborted)).Refused(out var error, out var first) ? new Refusal(error) : Results.Ok(All(peers, first)))
            .WithTags("v1").Allow(Access.Anyone)
            .Describe("List the available goods", "Name and price of every good that can be bought now.")
            .Answers(200, new[] { new ListedGood("Green T-Shirt", new Money(1999)) });
        v1.MapGet("/goods/{good_id}", async (Params<GoodPath> at, Peers peers, HttpContext http) =>
                (await peers["inventory"].Get<JsonElement>(string.Create(CultureInfo.InvariantCulture, $"/internal/goods?id={at.Value.GoodId}"), http.RequestAborted)).Ok())
            .WithTags("v1").Allow(Access.Anyone).InV1(error => error.Kind.Status == 404 ? (404, new Detail("Good not found")) : null)
            .Describe("Read a good", "Everything about one good.")
            .Answers(200, new { id = 2, name = "Green T-Shirt", category = "clothes", price = 19.99, description = "A comfortable green t-shirt", count = 100 })
            .Answers(404, new Detail("Good not found"));
    }

    /// <summary>Page after page from Inventory, streamed on as they come.</summary>
    private static async IAsyncEnumerable<ListedGood> All(Peers peers, List<ProductCard> page)
    {
        while (page.Count > 0)
        {
            foreach (var good in page)
            {
                yield return new ListedGood(good.Name, good.Price);
            }

            page = (await Next(peers, page[^1].Id, CancellationToken.None)).Value;
        }
    }

    private static Task<Result<List<ProductCard>>> Next(Peers peers, long after, CancellationToken stop) =>
        peers["inventory"].Get<List<ProductCard>>(string.Create(CultureInfo.InvariantCulture, $"/internal/products/available?after={after}"), stop);
}
