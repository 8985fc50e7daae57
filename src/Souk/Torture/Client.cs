using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Souk.Torture;

/// <summary>A final answer: what a buyer was told and must be able to rely on.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body.</param>
internal sealed record Told(int Status, JsonElement Body)
{
    /// <summary>A problem's stable code; empty for a good answer.</summary>
    public string Code => Status >= 400 ? Body.GetProperty("code").GetString()! : "";

    /// <summary>The identifier of what was made.</summary>
    public Guid Id => Body.GetProperty("id").GetGuid();
}

/// <summary>
/// Somebody who uses the shop as client authors are told to: after a 503, a time-out or a lost connection the same request goes
/// again, with the same Idempotency-Key, until the answer is final.
/// </summary>
internal sealed class Client(TorturedShop shop, HttpClient http, string username, Tally tally, Random random)
{
    private const int MostTries = 1000;
    private const int LongestPause = 300;

    private string? _token;

    public string Username => username;

    /// <summary>Who they are, as their token says.</summary>
    public Guid Id { get; private set; }

    /// <summary>Asks until the answer is final; null when the buyer lost patience before that.</summary>
    /// <param name="method">The method.</param>
    /// <param name="service">The service.</param>
    /// <param name="path">The path.</param>
    /// <param name="body">What is sent.</param>
    /// <param name="key">The Idempotency-Key.</param>
    /// <param name="patience">The chance that the buyer asks once more, each time; 1 for a buyer who never gives up.</param>
    public async Task<Told?> Ask(HttpMethod method, string service, string path, object? body, string? key = null, double patience = 1)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            // Some wait for their answer only a moment: it is made, and nobody hears it.
            var wait = patience < 1 && Chance(0.1) ? TimeSpan.FromMilliseconds(Between(1, 30)) : TimeSpan.FromSeconds(20);
            if (await Once(method, service, path, body, key, wait) is { } told)
            {
                return told;
            }

            if (!Chance(patience))
            {
                tally.Count("given up");
                return null;
            }

            await Task.Delay(Between(10, LongestPause));
        }

        throw new IOException($"{service} gave {username} no final answer to {method} {path}.");
    }

    /// <summary>Signs in, now and whenever the token has run out.</summary>
    public async Task SignIn(string password)
    {
        _token = null;
        var told = await Ask(HttpMethod.Post, "customers", "/api/v2/tokens", new { username, password });
        _token = told!.Body.GetProperty("access_token").GetString();
        Id = Guid.Parse(new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(_token).Subject);
    }

    /// <summary>Whether something happens that has this chance.</summary>
    public bool Chance(double chance)
    {
        lock (random)
        {
            return random.NextDouble() < chance;
        }
    }

    /// <summary>A number from the one up to, not including, the other.</summary>
    public int Between(int from, int to)
    {
        lock (random)
        {
            return random.Next(from, to);
        }
    }

    private async Task<Told?> Once(HttpMethod method, string service, string path, object? body, string? key, TimeSpan wait)
    {
        using var request = new HttpRequestMessage(method, new Uri(shop.Urls[service], path)) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = _token is null ? null : new AuthenticationHeaderValue("Bearer", _token);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var patience = new CancellationTokenSource(wait);
        try
        {
            using var response = await http.SendAsync(request, patience.Token);
            return await Read(response, $"{method} {path}", patience.Token);
        }
        catch (OperationCanceledException)
        {
            tally.Count("timed out");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            tally.Count("connection lost");
        }

        return null;
    }

    /// <summary>A 503 is the one answer that is not final, and says when to come back.</summary>
    private async Task<Told?> Read(HttpResponseMessage response, string what, CancellationToken stop)
    {
        var text = await response.Content.ReadAsStringAsync(stop);
        if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            tally.Count("503");
            if (response.Headers.RetryAfter is null)
            {
                tally.Fault($"{what} was answered 503 without Retry-After: {text}");
            }

            return null;
        }

        if ((int)response.StatusCode >= 500)
        {
            tally.Fault($"{what} was answered {(int)response.StatusCode}: {text}");
            return null;
        }

        return new Told((int)response.StatusCode, JsonSerializer.Deserialize<JsonElement>(text));
    }
}
