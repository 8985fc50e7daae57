using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Souk.Bench;

/// <summary>The access tokens of customers who buy, renewed before they run out.</summary>
internal sealed class Tokens(Shop shop)
{
    private const int Most = 10_000;
    private const int AtOnce = 16; // The line for password checks is no longer than that.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(30);

    private long? _signedIn;
    private string[] _tokens = [];

    /// <summary>A file with a token a line, all of them good for at least so long.</summary>
    public async Task<string> File(TimeSpan needed)
    {
        var file = Path.Combine(shop.Folder, "tokens");
        if (await Renew(needed))
        {
            await System.IO.File.WriteAllLinesAsync(file, _tokens);
        }

        return file;
    }

    /// <summary>The same tokens as a list.</summary>
    public async Task<IReadOnlyList<string>> List(TimeSpan needed)
    {
        await File(needed);
        return _tokens;
    }

    private async Task<bool> Renew(TimeSpan needed)
    {
        if (_signedIn is { } then && Stopwatch.GetElapsedTime(then) + needed + Reserve < Lifetime)
        {
            return false;
        }

        _signedIn = Stopwatch.GetTimestamp();
        using var http = Http.Client(shop.Urls["Customers"], AtOnce);
        var tokens = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(Buyers(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (customer, stop) => tokens.Add(await SignIn(http, customer, stop)));
        _tokens = [.. tokens];
        return true;
    }

    /// <summary>Spread evenly over all customers, when there are too many to sign in every one.</summary>
    private IEnumerable<int> Buyers()
    {
        var count = Math.Min(Most, shop.Customers);
        return Enumerable.Range(0, count).Select(i => 1 + (int)((long)i * shop.Customers / count));
    }

    private static async Task<string> SignIn(HttpClient http, int customer, CancellationToken stop)
    {
        var credentials = new { username = "sample-" + customer.ToString("D7", CultureInfo.InvariantCulture), password = "a sample password" };
        using var response = await http.PostAsJsonAsync("/api/v2/tokens", credentials, stop);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>(stop)).GetProperty("access_token").GetString()!;
    }
}
