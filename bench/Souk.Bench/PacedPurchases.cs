using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Souk.Bench;

/// <summary>Purchases at a fixed rate, for their latency.</summary>
internal sealed class PacedPurchases(Shop shop) : IDisposable
{
    private readonly HttpClient _http = Http.Client(shop.Urls["Sales"], Plan.Connections);
    private readonly Random _random = new(20261121);

    /// <summary>Random purchases; fails when one of them does.</summary>
    public async Task<OpenLoopReport> Run(double perSecond, TimeSpan duration)
    {
        var report = await Try(perSecond, duration);
        return report.Of(HttpStatusCode.Created) == report.Millis.Length
            ? report
            : throw new IOException($"Of {report.Millis.Length} purchases {report.Millis.Length - report.Of(HttpStatusCode.Created)} were refused.");
    }

    /// <summary>Random purchases, whatever comes of them.</summary>
    public async Task<OpenLoopReport> Try(double perSecond, TimeSpan duration)
    {
        var tokens = await shop.Tokens.List(duration);
        return await OpenLoop.Run(_http, perSecond, duration, () => Purchase(tokens));
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Purchase(IReadOnlyList<string> tokens)
    {
        var order = new { lines = new[] { new { product_id = 1 + _random.Next(shop.Products), quantity = 1 } } };
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v2/orders")
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(order)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens[_random.Next(tokens.Count)]);
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        return request;
    }
}
