using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Souk.Testing;

/// <summary>Somebody who uses the shop over HTTP, signed in or not. The methods say what they mean to do, not how.</summary>
/// <param name="shop">The shop.</param>
/// <param name="username">Their handle; empty for a visitor.</param>
/// <param name="token">Their access token, or null.</param>
public sealed class Person(RunningShop shop, string username, string? token)
{
    /// <summary>Their handle.</summary>
    public string Username { get; } = username;

    /// <summary>Their access token.</summary>
    public string? Token { get; } = token;

    /// <summary>Their identifier, as their token says.</summary>
    public Guid Id => Guid.Parse(new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(Token).Subject);

    /// <summary>Reads.</summary>
    public Task<Answer> Get(string service, string path) => Send(HttpMethod.Get, service, path);

    /// <summary>Posts JSON.</summary>
    public Task<Answer> Post(string service, string path, object? body = null, string? key = null) => Send(HttpMethod.Post, service, path, body, key);

    /// <summary>Puts JSON.</summary>
    public Task<Answer> Put(string service, string path, object? body = null, string? key = null) => Send(HttpMethod.Put, service, path, body, key);

    /// <summary>Edits the version that it has just read.</summary>
    public async Task<Answer> Patch(string service, string path, object body) =>
        await Send(HttpMethod.Patch, service, path, body, ifMatch: (await Get(service, path)).ETag);

    /// <summary>Deletes.</summary>
    public Task<Answer> Delete(string service, string path) => Send(HttpMethod.Delete, service, path);

    /// <summary>Puts money into their wallet.</summary>
    public Task<Answer> TopsUp(decimal amount, string? key = null) => Post("customers", $"/api/v2/customers/{Username}/wallet/top-ups", new { amount = Money(amount) }, key);

    /// <summary>What is in their wallet.</summary>
    public async Task<decimal> Balance() => decimal.Parse((await Get("customers", $"/api/v2/customers/{Username}/wallet")).Of("balance.amount"), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Buys so many of a product.</summary>
    public Task<Answer> Buys(long product, int quantity = 1, string? key = null) =>
        Post("sales", "/api/v2/orders", new { lines = new[] { new { product_id = product, quantity } } }, key);

    /// <summary>Writes a review of a product.</summary>
    public Task<Answer> Reviews(long product, int rating = 4, string comment = "Just as described.") =>
        Post("reviews", "/api/v2/reviews", new { product_id = product, rating, comment });

    /// <summary>Sends anything.</summary>
    public async Task<Answer> Send(HttpMethod method, string service, string path, object? body = null, string? key = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (Token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        if (body is not null)
        {
            request.Content = body as HttpContent ?? new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        using var response = await shop.Http(service).SendAsync(request);
        var answer = await Answer.Read(response);
        await AnswerSchemas.Check(shop, service, method, path, answer);
        return answer;
    }

    /// <summary>An amount on the second contract's wire.</summary>
    public static object Money(decimal amount) => new { amount = amount.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture), currency = "USD" };
}
