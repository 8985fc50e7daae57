using System.Text.Json;
using System.Text.Json.Nodes;
using Souk.Testing;

namespace Souk.Tests;

/// <summary>Every operation of every OpenAPI document, called as everybody: what happens is what the table says.</summary>
public class AccessTests(TestShop shop)
{
    private static readonly string[] Callers = AccessTable.Columns.Split(' ');

    [Fact]
    public async Task The_table_has_every_documented_operation_and_no_other()
    {
        var documented = (await Operations()).Select(o => o.Id).Distinct();

        documented.ShouldBe(AccessTable.Rows.Keys, ignoreOrder: true);
    }

    [Theory]
    [InlineData("customers")]
    [InlineData("inventory")]
    [InlineData("sales")]
    [InlineData("reviews")]
    public async Task Everybody_gets_what_the_table_says(string service)
    {
        var wrong = new List<string>();
        foreach (var operation in (await Operations()).Where(o => o.Service == service))
        {
            for (var i = 0; i < Callers.Length; i++)
            {
                var scene = await Scene.Set(shop, approved: operation.Id == "post_v2_reviews_by_id_reports");
                var answer = await operation.Call(scene, await scene.Play(Callers[i]));
                var seen = answer.Code switch { 401 => '1', 403 => '3', 404 => '4', _ => 'y' };
                if (seen != AccessTable.Rows[operation.Id][i] || answer.Code >= 500)
                {
                    wrong.Add($"{operation.Id} as {Callers[i]}: {answer.Code} {answer.Text}");
                }
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_belongs_to_another_looks_exactly_like_what_does_not_exist()
    {
        var scene = await Scene.Set(shop, approved: false);
        var other = await shop.NewCustomer();
        var (real, made) = (scene.Owner.Username, shop.NewName("nobody"));

        foreach (var (service, path, missing) in new[]
        {
            ("customers", $"/api/v2/customers/{real}", $"/api/v2/customers/{made}"),
            ("customers", $"/api/v2/customers/{real}/wallet", $"/api/v2/customers/{made}/wallet"),
            ("sales", $"/api/v2/carts/{real}", $"/api/v2/carts/{made}"),
            ("sales", $"/api/v2/orders/{scene.Order}", $"/api/v2/orders/{Guid.CreateVersion7()}"),
            ("reviews", $"/api/v2/reviews/{scene.Review}", $"/api/v2/reviews/{Guid.CreateVersion7()}"),
        })
        {
            var (hidden, absent) = (await other.Get(service, path), await other.Get(service, missing));
            hidden.Code.ShouldBe(404);
            Shape(hidden, path).ShouldBe(Shape(absent, missing));
        }
    }

    [Theory]
    [InlineData("customers", "/internal/customers?username=admin")]
    [InlineData("inventory", "/internal/products?ids=1")]
    [InlineData("sales", "/internal/purchases?customer_id=00000000-0000-0000-0000-000000000000&product_id=1")]
    public async Task Internal_operations_take_services_tokens_only(string service, string path)
    {
        (await shop.Visitor.Get(service, path)).Code.ShouldBe(401);
        (await shop.Admin.Get(service, path)).Code.ShouldBe(401);
        (await shop.AsSales().Get(service, path)).Code.ShouldNotBe(401);
        (await shop.AsSales().Get("customers", "/api/v2/customers")).Code.ShouldBe(401, "and a service's token opens nothing else");
    }

    /// <summary>A refusal without what names the thing that was asked for.</summary>
    private static string Shape(Answer answer, string path)
    {
        var name = path.Split('/').Last(part => part is not ("wallet" or "lines"));
        var body = JsonNode.Parse(answer.Text)!.AsObject();
        body.Remove("trace_id");
        return body.ToJsonString().Replace(name, "…", StringComparison.Ordinal);
    }

    private async Task<List<Operation>> Operations()
    {
        var operations = new List<Operation>();
        foreach (var service in Shop.Services.Select(s => s.Name))
        {
            var document = (await shop.Visitor.Get(service, "/openapi.json")).Json;
            operations.AddRange(document.GetProperty("paths").EnumerateObject()
                .SelectMany(path => path.Value.EnumerateObject().Select(verb => new Operation(service, path.Name, new HttpMethod(verb.Name.ToUpperInvariant()), verb.Value))));
        }

        return operations;
    }

    /// <summary>A customer with an order, a cart and a review, which is what operations are about.</summary>
    private sealed class Scene
    {
        private TestShop _shop = null!;

        public Person Owner { get; private set; } = null!;

        public long Product { get; private set; }

        public string ProductName { get; private set; } = "";

        public string Order { get; private set; } = "";

        public string Review { get; private set; } = "";

        public static async Task<Scene> Set(TestShop shop, bool approved)
        {
            var name = shop.NewName("Scene");
            var scene = new Scene { _shop = shop, Owner = await shop.NewCustomer(money: 1000), Product = await shop.NewProduct(name: name), ProductName = name };
            scene.Order = (await scene.Owner.Buys(scene.Product)).Of("id");
            scene.Review = (await scene.Owner.Reviews(scene.Product)).Of("id");
            await scene.Owner.Put("sales", $"/api/v2/carts/{scene.Owner.Username}/lines/{scene.Product}", new { quantity = 1 });
            if (approved)
            {
                await shop.Admin.Put("reviews", $"/api/v2/reviews/{scene.Review}/moderation", new { status = "approved" });
            }

            return scene;
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
            "id" when path.Contains("/orders", StringComparison.Ordinal) => Order,
            "id" when path.Contains("/reviews", StringComparison.Ordinal) => Review,
            "id" => Product,
            "password" => TestShop.Password,
            "new_flag" => "approved",
            _ => null,
        };
    }

    /// <summary>An operation as its document describes it.</summary>
    private sealed record Operation(string Service, string Path, HttpMethod Method, JsonElement Described)
    {
        public string Id => Described.GetProperty("operationId").GetString()!;

        public Task<Answer> Call(Scene scene, Person caller)
        {
            var path = Path;
            var query = new List<string>();
            foreach (var parameter in Described.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().ToArray() : [])
            {
                var (name, place) = (parameter.GetProperty("name").GetString()!, parameter.GetProperty("in").GetString());
                var value = Uri.EscapeDataString($"{scene.Value(name, Path)}");
                path = path.Replace($"{{{name}}}", value, StringComparison.Ordinal);
                if (place == "query" && parameter.TryGetProperty("required", out var required) && required.GetBoolean())
                {
                    query.Add($"{name}={value}");
                }
            }

            return caller.Send(Method, Service, path + (query.Count == 0 ? "" : $"?{string.Join('&', query)}"), Body(scene), ifMatch: Method == HttpMethod.Patch ? "*" : null);
        }

        /// <summary>The documented example, about this scene.</summary>
        private string? Body(Scene scene)
        {
            if (!Described.TryGetProperty("requestBody", out var body))
            {
                return null;
            }

            var example = JsonNode.Parse(body.GetProperty("content").GetProperty("application/json").GetProperty("example").GetRawText())!;
            Adapt(example, scene);
            return example.ToJsonString();
        }

        private void Adapt(JsonNode? node, Scene scene)
        {
            if (node is JsonArray list)
            {
                foreach (var item in list)
                {
                    Adapt(item, scene);
                }
            }

            if (node is JsonObject fields)
            {
                foreach (var (name, value) in fields.ToArray())
                {
                    if (value is not (JsonArray or JsonObject) && scene.Value(name, Path) is { } own)
                    {
                        fields[name] = own;
                    }

                    Adapt(value, scene);
                }
            }
        }
    }
}
