using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Souk.Testing;

namespace Souk.Tests;

/// <summary>A customer with an order, a cart and a review, which is what operations are about.</summary>
internal sealed class Scene
{
    private TestShop _shop = null!;

    public Person Owner { get; private set; } = null!;

    public long Product { get; private set; }

    public string ProductName { get; private set; } = "";

    public string Order { get; private set; } = "";

    public string Review { get; private set; } = "";

    public string Role { get; private set; } = "";

    /// <summary>The owner's session.</summary>
    public string Session => Owner.Token is { } token ? new JsonWebToken(token).GetPayloadValue<string>("sid") : NoSession;

    public string Webhook { get; private set; } = "";

    public string Payment { get; private set; } = "";

    private string NoSession { get; init; } = "";

    /// <summary>The owner's export, or the receipt of somebody's erasure, where the operation is about one.</summary>
    public string Request { get; private set; } = "";

    public static async Task<Scene> Set(TestShop shop, Operation operation)
    {
        var name = shop.NewName("Scene");
        var scene = new Scene { _shop = shop, Owner = await shop.NewCustomer(money: 1000), Product = await shop.NewProduct(name: name), ProductName = name, Role = shop.NewName("scene") };
        scene.Order = (await scene.Owner.Buys(scene.Product)).Of("id");
        scene.Review = (await scene.Owner.Reviews(scene.Product)).Of("id");
        await scene.Owner.Put("sales", $"/api/v2/carts/{scene.Owner.Username}/lines/{scene.Product}", new { quantity = 1 });
        scene.Payment = (await scene.Owner.Post("customers", $"/api/v2/customers/{scene.Owner.Username}/wallet/payments", new { amount = Person.Money(1) })).Of("id");
        scene.Webhook = await AnyWebhook(shop);
        if (operation.Id == "post_v2_reviews_by_id_reports")
        {
            await shop.Admin.Put("reviews", $"/api/v2/reviews/{scene.Review}/moderation", new { status = "approved" });
        }

        if (operation.Path.Contains("/roles/", StringComparison.Ordinal))
        {
            await shop.Admin.Post("customers", "/api/v2/roles", new { name = scene.Role, permissions = Array.Empty<string>() });
        }

        var erasure = operation.Path.Contains("{receipt}", StringComparison.Ordinal);
        if (erasure || operation.Path.Contains("/exports/", StringComparison.Ordinal))
        {
            var who = erasure ? await shop.NewCustomer() : scene.Owner;
            var started = await who.Post("customers", $"/api/v2/customers/{who.Username}/{(erasure ? "erasures" : "exports")}");
            scene.Request = started.Headers.Location!.ToString().Split('/')[^1];
        }

        return scene;
    }

    /// <summary>A shop takes a few only, so scenes share one.</summary>
    private static async Task<string> AnyWebhook(TestShop shop)
    {
        var there = await shop.Admin.Get("sales", "/api/v2/webhooks");
        return there["items"].GetArrayLength() > 0
            ? there.Of("items.0.id")
            : (await shop.Admin.Post("sales", "/api/v2/webhooks", new { url = "https://hooks.invalid/souk", events = new[] { "order_placed" } })).Of("id");
    }

    /// <summary>The same with nothing of anybody in it. Products are everybody's to see, so it is the same one.</summary>
    public Scene Elsewhere() => new()
    {
        _shop = _shop,
        Owner = new Person(_shop, _shop.NewName("nobody"), null),
        Product = Product,
        ProductName = ProductName,
        Order = Guid.CreateVersion7(_shop.Clock.GetUtcNow()).ToString(),
        Review = Guid.CreateVersion7(_shop.Clock.GetUtcNow()).ToString(),
        Role = _shop.NewName("no-role"),
        Request = Guid.CreateVersion7(_shop.Clock.GetUtcNow()).ToString(),
        Payment = Guid.CreateVersion7(_shop.Clock.GetUtcNow()).ToString(),
        NoSession = Guid.CreateVersion7(_shop.Clock.GetUtcNow()).ToString(),
        Webhook = Guid.CreateVersion7(_shop.Clock.GetUtcNow()).ToString(),
    };

    /// <summary>Every name of something in it, with what stands in its place when scenes are compared.</summary>
    public IEnumerable<(string Name, string Instead)> Names() =>
        [(Owner.Username, "‹owner›"), (Order, "‹order›"), (Review, "‹review›"), (Role, "‹role›"), (Webhook, "‹webhook›"), (Payment, "‹payment›"), (Session, "‹session›"), .. Request.Length == 0 ? [] : new[] { (Request, "‹request›") }];

    /// <summary>All that the owner sees of their own things.</summary>
    public async Task<string> Everything()
    {
        var seen = new List<string>();
        foreach (var (service, path) in new[]
        {
            ("customers", $"/api/v2/customers/{Owner.Username}"), ("customers", $"/api/v2/customers/{Owner.Username}/wallet"), ("customers", $"/api/v2/customers/{Owner.Username}/wallet/entries"),
            ("sales", "/api/v2/orders"), ("sales", $"/api/v2/carts/{Owner.Username}"), ("reviews", $"/api/v2/reviews/{Review}"),
        })
        {
            seen.Add((await Owner.Get(service, path)).Text);
        }

        return string.Join('\n', seen);
    }

    /// <summary>What nobody may set for themself: the role, the balance, what was paid and whether the review is approved.</summary>
    public async Task<string> Facts()
    {
        var (orders, review) = (await Owner.Get("sales", "/api/v2/orders"), await Owner.Get("reviews", $"/api/v2/reviews/{Review}"));
        return $"{(await Owner.Get("customers", $"/api/v2/customers/{Owner.Username}")).Of("role")} {await Owner.Balance()} {orders.Of("items.0.total.amount")} {(review.Code == 200 ? review.Of("status") : review.Code)}";
    }

    public async Task<Person> Play(string caller) => caller switch
    {
        "visitor" => _shop.Visitor,
        "owner" => Owner,
        "other" => await _shop.NewCustomer(money: 1000),
        "moderator" => await _shop.NewModerator(),
        _ => _shop.Admin,
    };

    /// <summary>What stands for a name in a path, a query or a body.</summary>
    public JsonNode? Value(string name, string path) => name switch
    {
        "username" or "customer_id" or "customer_username" => Owner.Username,
        "good_name" => ProductName,
        "good_id" or "item_id" or "product_id" => Product,
        "receipt" => Request,
        "id" when path.Contains("/exports", StringComparison.Ordinal) => Request,
        "id" when path.Contains("/webhooks", StringComparison.Ordinal) => Webhook,
        "id" when path.Contains("/payments", StringComparison.Ordinal) => Payment,
        "id" when path.Contains("/orders", StringComparison.Ordinal) => Order,
        "id" when path.Contains("/reviews", StringComparison.Ordinal) => Review,
        "id" => Product,
        "name" when path.Contains("/roles", StringComparison.Ordinal) => Role,
        "session_id" => Session,
        "password" or "current_password" => TestShop.Password,
        "new_flag" => "approved",
        _ => null,
    };
}
