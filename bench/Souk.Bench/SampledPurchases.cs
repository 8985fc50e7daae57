using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Souk.Bench;

/// <summary>What some purchases beside a crowd's were answered.</summary>
/// <param name="Answers">How many there were.</param>
/// <param name="Bought">How many were bought.</param>
/// <param name="Refused">How many were answered 503.</param>
/// <param name="WithRetryAfter">How many of those were told when to come back.</param>
internal sealed record Sampled(int Answers, int Bought, int Refused, int WithRetryAfter);

/// <summary>A few random purchases a second, whose answers are looked at.</summary>
internal sealed class SampledPurchases(Shop shop) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http = Http.Client(shop.Urls["Sales"], Plan.Connections);
    private readonly Random _random = new(20261121);

    /// <summary>Buys, whatever comes of it.</summary>
    public async Task<Sampled> Buy(TimeSpan duration)
    {
        var tokens = await shop.Tokens.List(duration);
        var answers = new ConcurrentQueue<(HttpStatusCode Status, bool RetryAfter)>();
        var underWay = new List<Task>();
        using var timer = new PeriodicTimer(Pause);
        for (var left = (int)(duration / Pause); left > 0; left--)
        {
            underWay.Add(Send(tokens, answers));
            await timer.WaitForNextTickAsync();
        }

        await Task.WhenAll(underWay);
        return new Sampled(
            answers.Count,
            answers.Count(a => a.Status == HttpStatusCode.Created),
            answers.Count(a => a.Status == HttpStatusCode.ServiceUnavailable),
            answers.Count(a => a is { Status: HttpStatusCode.ServiceUnavailable, RetryAfter: true }));
    }

    public void Dispose() => _http.Dispose();

    private async Task Send(IReadOnlyList<string> tokens, ConcurrentQueue<(HttpStatusCode Status, bool RetryAfter)> answers)
    {
        using var request = Purchase(tokens);
        using var response = await _http.SendAsync(request);
        answers.Enqueue((response.StatusCode, response.Headers.RetryAfter is not null));
    }

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
