using System.Diagnostics;
using System.Net.Http.Headers;

namespace Souk.Bench;

/// <summary>Searches for a word, a page of 20, on a few connections.</summary>
internal sealed class Search(Uri inventory) : IDisposable
{
    private const int Connections = 4;

    /// <summary>Words of the sample catalogue: some in one product of sixteen, some in one of a hundred, some in hardly any.</summary>
    private static readonly string[] Words =
        ["almonds", "coffee", "jam", "penne", "shirt", "merino", "jeans", "parka", "wallet", "canvas", "scarf", "silver", "charger", "cable", "speaker", "keyboard", "1234", "nothing"];

    private readonly HttpClient _http = Http.Client(inventory, Connections);

    /// <summary>The latency that 95 of 100 searches stay within, in milliseconds.</summary>
    public async Task<Reading> Run(TimeSpan duration)
    {
        var started = Stopwatch.GetTimestamp();
        var millis = await Task.WhenAll(Enumerable.Range(0, Connections).Select(seed => Searcher(new Random(seed), started, duration)));
        var sorted = millis.SelectMany(m => m).Order().ToArray();
        return new Reading(sorted[(int)(sorted.Length * 0.95)], new Dictionary<string, double>());
    }

    public void Dispose() => _http.Dispose();

    private async Task<List<double>> Searcher(Random random, long started, TimeSpan duration)
    {
        var millis = new List<double>();
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            var sent = Stopwatch.GetTimestamp();
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v2/products?q={Words[random.Next(Words.Length)]}&limit=20");

            // These few words would be answered from memory.
            request.Headers.CacheControl = new CacheControlHeaderValue { NoCache = true };
            using var response = await _http.SendAsync(request);
            response.EnsureSuccessStatusCode();
            millis.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }

        return millis;
    }
}
