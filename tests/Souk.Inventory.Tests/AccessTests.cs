using Souk.Testing;

namespace Souk.Inventory.Tests;

public class AccessTests(TestShop shop)
{
    /// <summary>The operations that change stock or products, or show who did.</summary>
    public static TheoryData<string, string> ForAdmins { get; } = new()
    {
        { "POST", "/api/v2/products" },
        { "PATCH", "/api/v2/products/{id}" },
        { "DELETE", "/api/v2/products/{id}" },
        { "GET", "/api/v2/products/{id}/stock-adjustments" },
        { "POST", "/api/v2/products/{id}/stock-adjustments" },
        { "POST", "/api/v1/inventory/add" },
        { "PUT", "/api/v1/inventory/update/{id}" },
        { "PUT", "/api/v1/inventory/deduct/{id}" },
    };

    [Theory]
    [MemberData(nameof(ForAdmins))]
    public async Task Visitors_customers_and_moderators_are_refused(string method, string path)
    {
        var product = await shop.NewProduct(stock: 5, name: "Guarded");
        var people = new[] { (shop.Visitor, 401, "unauthenticated"), (new Person(shop, "x", "not.a.token"), 401, "unauthenticated"), (await shop.NewCustomer(), 403, "forbidden"), (await shop.NewModerator(), 403, "forbidden") };
        foreach (var (person, code, problem) in people)
        {
            // A body that is right as it stands would hide a late check.
            var answer = await person.Send(new HttpMethod(method), "inventory", Path(path, product), BodyOf(path, method), ifMatch: "*");
            answer.Code.ShouldBe(code);
            if (path.StartsWith("/api/v2", StringComparison.Ordinal))
            {
                answer.Refuses(code, problem);
            }
            else
            {
                answer.Json.EnumerateObject().Select(f => f.Name).ShouldBe(["detail"]);
            }

            answer.Headers.WwwAuthenticate.Count.ShouldBe(code == 401 ? 1 : 0);
        }

        var untouched = await shop.Visitor.Get("inventory", Requests.Product(product));
        (untouched.Of("name"), untouched["available"].GetInt64(), untouched.ETag).ShouldBe(("Guarded", 5, "\"v1\""));
    }

    [Theory]
    [MemberData(nameof(ForAdmins))]
    public async Task Admins_are_not(string method, string path)
    {
        var product = await shop.NewProduct(stock: 5);
        var answer = await shop.Admin.Send(new HttpMethod(method), "inventory", Path(path, product), BodyOf(path, method), ifMatch: "*");
        answer.Code.ShouldBeInRange(200, 204);
    }

    [Theory]
    [InlineData("/api/v2/products")]
    [InlineData("/api/v2/products/{id}")]
    [InlineData("/api/v1/inventory/{id}")]
    public async Task Everybody_reads_products(string path)
    {
        var product = await shop.NewProduct();
        foreach (var person in new[] { shop.Visitor, await shop.NewCustomer(), shop.Admin, new Person(shop, "x", "not.a.token") })
        {
            (await person.Get("inventory", Path(path, product))).Must(200);
        }
    }

    [Theory]
    [InlineData("/internal/products?ids=1")]
    [InlineData("/internal/products/available?after=0")]
    [InlineData("/internal/goods?id=1")]
    [InlineData("/internal/products/by-name?name=x")]
    public async Task Nobody_but_services_asks_inside(string path)
    {
        (await shop.Visitor.Get("inventory", path)).Refuses(401, "unauthenticated");
        (await shop.Admin.Get("inventory", path)).Refuses(401, "unauthenticated");
    }

    [Theory]
    [InlineData("/internal/holds")]
    [InlineData("/internal/sale-ends")]
    [InlineData("/internal/events")]
    public async Task Nobody_but_services_tells_inside(string path) =>
        (await shop.Admin.Post("inventory", path, "[]")).Refuses(401, "unauthenticated");

    private static string Path(string path, long product) => path.Replace("{id}", $"{product}", StringComparison.Ordinal);

    private object? BodyOf(string path, string method) => (method, path) switch
    {
        ("POST", "/api/v2/products") => Requests.NewProduct("Admin's", sku: shop.NewName("sku")),
        ("POST", "/api/v1/inventory/add") => Requests.NewGood("Admin's"),
        ("POST", _) => new { delta = 1, reason = "received" },
        ("PATCH", _) or ("PUT", "/api/v1/inventory/update/{id}") => new { name = "Changed" },
        _ => null,
    };
}
