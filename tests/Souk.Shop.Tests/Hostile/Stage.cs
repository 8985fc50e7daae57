using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Souk.Platform.Webhooks;
using Souk.Testing;

namespace Souk.Tests.Hostile;

/// <summary>A customer with money, an order, a cart, a payment and an approved review, a role and a webhook: what any operation can be about.</summary>
internal sealed class Stage
{
    /// <summary>All stages share one role and, unless they ask for their own, one webhook: a shop takes so many and no more.</summary>
    private const string Role = "staged";

    private const string WebhookUrl = "https://hooks.invalid/staged";

    private readonly TestShop _shop;

    private Stage(TestShop shop, Person owner, long product) => (_shop, Owner, Product) = (shop, owner, product);

    public Person Owner { get; }

    public long Product { get; }

    public string Order { get; private set; } = "";

    public string Review { get; private set; } = "";

    public string Payment { get; private set; } = "";

    public string Webhook { get; private set; } = "";

    /// <summary>A new stage.</summary>
    /// <param name="shop">Where.</param>
    /// <param name="ownWebhook">With a webhook that no other stage has, because it will be removed.</param>
    public static async Task<Stage> Set(TestShop shop, bool ownWebhook = false)
    {
        var stage = new Stage(shop, await shop.NewCustomer(money: 1000), await shop.NewProduct());
        stage.Order = (await stage.Owner.Buys(stage.Product)).Of("id");
        stage.Review = (await stage.Owner.Reviews(stage.Product)).Of("id");
        (await shop.Admin.Put("reviews", $"/api/v2/reviews/{stage.Review}/moderation", new { status = "approved" })).Must(200);
        (await stage.Owner.Put("sales", $"/api/v2/carts/{stage.Owner.Username}/lines/{stage.Product}", new { quantity = 1 })).Must(200);
        stage.Payment = (await stage.Owner.Post("customers", $"/api/v2/customers/{stage.Owner.Username}/wallet/payments", new { amount = Person.Money(50) })).Of("id");
        stage.Webhook = (ownWebhook ? null : await SharedWebhook(shop)) ?? await NewWebhook(shop, ownWebhook ? "https://hooks.invalid/own" : WebhookUrl);
        (await shop.Admin.Post("customers", "/api/v2/roles", new { name = Role, permissions = Array.Empty<string>() })).Code.ShouldBeOneOf(201, 409);
        return stage;
    }

    /// <summary>Whoever may call an operation here: the customer whom it is about, or else the admin.</summary>
    public Person CallerOf(DocumentedOperation operation) =>
        AccessTable.Rows.TryGetValue(operation.Id, out var row) && row[1] == 'y' && operation.Id != "post_v2_reviews_by_id_reports" ? Owner : _shop.Admin;

    /// <summary>What stands for a name in a path, a query or a body; null where the document's example will do.</summary>
    public JsonNode? Value(string name, string path) => name switch
    {
        "username" when path.EndsWith("/customers", StringComparison.Ordinal) || path.EndsWith("/register", StringComparison.Ordinal) => _shop.NewName("staged"),
        "username" or "customer_id" or "customer_username" => Owner.Username,
        "good_name" => "Nothing is called that",
        "name" when path.EndsWith("/roles", StringComparison.Ordinal) => _shop.NewName("staged"),
        "name" when path.Contains("/roles/", StringComparison.Ordinal) => Role,
        "payment_id" => Payment,
        "session_id" => new JsonWebToken(Owner.Token).GetPayloadValue<string>("sid"),
        "receipt" => NoId(),
        "id" when path.Contains("/exports/", StringComparison.Ordinal) || path.Contains("/passkeys/", StringComparison.Ordinal) => NoId(),
        "id" when path.Contains("/payments/", StringComparison.Ordinal) => Payment,
        "id" when path.Contains("/webhooks/", StringComparison.Ordinal) => Webhook,
        "good_id" or "item_id" or "product_id" => Product,
        "id" when path.Contains("/orders", StringComparison.Ordinal) => Order,
        "id" when path.Contains("/reviews", StringComparison.Ordinal) => Review,
        "id" => Product,
        "password" or "current_password" => TestShop.Password,
        "new_flag" => "approved",
        _ => null,
    };

    /// <summary>A body as the payment provider signs it, now and under an identifier of its own.</summary>
    public StringContent Signed(string body)
    {
        var (id, seconds) = (_shop.NewName("event"), _shop.Clock.GetUtcNow().ToUnixTimeSeconds());
        var content = new StringContent(body, Encoding.UTF8, "application/json");
        content.Headers.Add(WebhookSignature.IdHeader, id);
        content.Headers.Add(WebhookSignature.TimeHeader, seconds.ToString(CultureInfo.InvariantCulture));
        content.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Of(WebhookSignature.KeyOf(TestShop.PaymentSecret)!, id, seconds, Encoding.UTF8.GetBytes(body)));
        return content;
    }

    /// <summary>Everything that can be read about it, in one text: unchanged as long as nothing happened to it.</summary>
    public async Task<string> Picture() => string.Join('\n', (await Task.WhenAll(
        Owner.Get("customers", $"/api/v2/customers/{Owner.Username}"),
        Owner.Get("customers", $"/api/v2/customers/{Owner.Username}/wallet"),
        Owner.Get("inventory", $"/api/v2/products/{Product}"),
        Owner.Get("sales", "/api/v2/orders"),
        Owner.Get("sales", $"/api/v2/carts/{Owner.Username}"),
        Owner.Get("customers", $"/api/v2/customers/{Owner.Username}/wallet/payments/{Payment}"),
        Owner.Get("reviews", $"/api/v2/reviews/{Review}"))).Select(a => $"{a.Code} {a.Text}"));

    private static async Task<string?> SharedWebhook(TestShop shop) =>
        (await shop.Admin.Get("sales", "/api/v2/webhooks?limit=100"))["items"].EnumerateArray()
            .Where(w => w.GetProperty("url").GetString() == WebhookUrl).Select(w => w.GetProperty("id").GetString()).FirstOrDefault();

    /// <summary>It is told of cancellations only, so that orders make no messages to a host that there is not.</summary>
    private static async Task<string> NewWebhook(TestShop shop, string url) =>
        (await shop.Admin.Post("sales", "/api/v2/webhooks", new { url, events = new[] { "order_cancelled" } })).Of("id");

    /// <summary>An identifier that nothing has.</summary>
    private string NoId() => $"{Guid.CreateVersion7(_shop.Clock.GetUtcNow())}";
}
