using Souk.Testing;

namespace Souk.Inventory.Tests;

/// <summary>Requests to Inventory that are right in every field, to be made wrong in one.</summary>
internal static class Requests
{
    public const string Products = "/api/v2/products";

    public static Dictionary<string, object?> NewProduct(string name, string? sku = null) => new()
    {
        ["sku"] = sku ?? $"T-{name.Length}-{name.GetHashCode(StringComparison.Ordinal):x8}",
        ["name"] = name,
        ["category"] = "clothes",
        ["price"] = Person.Money(19.99m),
        ["description"] = "A comfortable green t-shirt",
        ["stock"] = 100,
    };

    public static Dictionary<string, object?> NewGood(string name) => new()
    {
        ["name"] = name,
        ["category"] = "clothes",
        ["price"] = 19.99,
        ["description"] = "A comfortable green t-shirt",
        ["count"] = 100,
    };

    public static Dictionary<string, object?> With(this Dictionary<string, object?> request, string field, object? value) => new(request) { [field] = value };

    public static Dictionary<string, object?> Without(this Dictionary<string, object?> request, string field) =>
        request.Where(f => f.Key != field).ToDictionary();

    public static string Product(long id) => $"{Products}/{id}";

    public static string Adjustments(long id) => $"{Products}/{id}/stock-adjustments";

    public static Task<Answer> Adds(this Person person, object product, string? key = null) => person.Post("inventory", Products, product, key);

    public static Task<Answer> Adjusts(this Person person, long product, long delta, string reason = "correction", string? key = null) =>
        person.Post("inventory", Adjustments(product), new { delta, reason }, key);

    public static Task<Answer> Looks(this Person person, string query) => person.Get("inventory", $"{Products}?{query}");

    public static long[] Ids(this Answer page) => [.. page["items"].EnumerateArray().Select(p => p.GetProperty("id").GetInt64())];

    /// <summary>Follows a list to its end, page by page, and does something between the pages.</summary>
    public static async Task<List<T>> Walk<T>(this Person person, string service, string path, Func<System.Text.Json.JsonElement, T> read, Func<Task>? between = null)
    {
        var (all, next) = (new List<T>(), (string?)null);
        do
        {
            var page = await person.Get(service, next is null ? path : $"{path}&after={next}");
            Assert.Equal(200, page.Code);
            all.AddRange(page["items"].EnumerateArray().Select(read));
            next = page["next"].GetString();
            await (between?.Invoke() ?? Task.CompletedTask);
        }
        while (next is not null);
        return all;
    }
}
