using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Souk.Contracts;
using Souk.Platform.Hosting;
using Souk.Testing;

namespace Souk.Tests;

/// <summary>Every operation of every OpenAPI document, called as everybody: what happens is what the table says.</summary>
public class AccessTests(TestShop shop)
{
    private static readonly string[] Callers = AccessTable.Columns.Split(' ');

    /// <summary>What no client may set, wherever it is sent.</summary>
    private static readonly string[] Privileged = ["role", "permissions", "is_admin", "balance", "price", "total", "status", "flags", "customer_id", "version", "id"];

    [Fact]
    public async Task Security2_the_table_has_every_documented_operation_and_no_other()
    {
        var documented = (await Operation.Of(shop)).Select(o => o.Id).Distinct();

        documented.ShouldBe(AccessTable.Rows.Keys, ignoreOrder: true);
    }

    [Fact]
    public async Task Security2_every_route_is_documented_or_between_services()
    {
        var documented = (await Operation.Of(shop)).Select(o => (o.Service, o.Path)).ToHashSet();

        foreach (var (service, route) in Routes())
        {
            (route == "/openapi.json" || route.StartsWith("/internal/", StringComparison.Ordinal) || documented.Contains((service, route))).ShouldBeTrue($"{route} of {service}");
        }
    }

    [Theory]
    [InlineData("customers")]
    [InlineData("inventory")]
    [InlineData("sales")]
    [InlineData("reviews")]
    public async Task Security2_everybody_gets_what_the_table_says(string service)
    {
        var wrong = new List<string>();
        foreach (var operation in (await Operation.Of(shop)).Where(o => o.Service == service))
        {
            foreach (var caller in Callers)
            {
                var scene = await Scene.Set(shop, operation);
                var answer = await operation.Call(scene, await scene.Play(caller));
                var seen = answer.Code switch { 401 => '1', 403 => '3', 404 => '4', _ => 'y' };
                if (seen != operation.Expected(caller) || answer.Code >= 500)
                {
                    wrong.Add($"{operation.Id} as {caller}: {answer.Code} {answer.Text}");
                }
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("customers")]
    [InlineData("inventory")]
    [InlineData("sales")]
    [InlineData("reviews")]
    public async Task Security1_what_belongs_to_another_looks_exactly_like_what_does_not_exist_and_stays_as_it_is(string service)
    {
        foreach (var operation in (await Operation.Of(shop)).Where(o => o.Service == service && o.Path.Contains('{', StringComparison.Ordinal) && o.Expected("other") != 'y'))
        {
            var scene = await Scene.Set(shop, operation);
            var (other, elsewhere, before) = (await scene.Play("other"), scene.Elsewhere(), await scene.Everything());

            var (hidden, absent) = (await operation.Call(scene, other), await operation.Call(elsewhere, other));

            hidden.Code.ShouldBe(operation.IsV1 || operation.Expected("other") == '3' ? absent.Code : 404, operation.Id);
            Shape(hidden, scene).ShouldBe(Shape(absent, elsewhere), operation.Id);
            hidden.Text.ShouldNotContain($"{scene.Owner.Id}", customMessage: operation.Id);
            (await scene.Everything()).ShouldBe(before, operation.Id);
        }
    }

    [Fact]
    public async Task Security1_the_only_thing_that_others_may_do_to_what_is_somebodys_is_to_report_a_review()
    {
        string[] owned = ["/customers/{", "/carts/{", "/orders/{", "/reviews/{"];

        var open = (await Operation.Of(shop)).Where(o => !o.IsV1 && owned.Any(o.Path.Contains) && o.Expected("other") == 'y').Select(o => o.Id);

        open.ShouldBe(["post_v2_reviews_by_id_reports"]);
    }

    [Theory]
    [InlineData("customers")]
    [InlineData("inventory")]
    [InlineData("sales")]
    [InlineData("reviews")]
    public async Task Security3_unknown_and_privileged_fields_are_refused_in_every_body(string service)
    {
        // A payment's event is looked at only when its signature is right; PaymentEventTests has those.
        foreach (var operation in (await Operation.Of(shop)).Where(o => o.Service == service && !o.IsV1 && o.TakesBody && o.Id != "post_v2_payments_events"))
        {
            var scene = await Scene.Set(shop, operation);
            var caller = await scene.Play(operation.Expected("owner") == 'y' ? "owner" : "admin");
            string[] added = [];

            var answer = await operation.Call(scene, caller, body =>
            {
                added = [.. Privileged.Append("nonsense").Where(f => !operation.Fields.Contains(f))];
                Array.ForEach(added, f => body[f] = "1");
            });

            answer.Refuses(422, "validation_failed");
            answer["errors"].EnumerateArray().Where(e => e.GetProperty("code").GetString() == "extra_forbidden").Select(e => e.GetProperty("field").GetString()!)
                .ShouldBe(added, ignoreOrder: true, operation.Id);
        }
    }

    [Fact]
    public async Task Security3_the_first_contract_passes_over_unknown_fields_and_they_do_nothing()
    {
        foreach (var operation in (await Operation.Of(shop)).Where(o => o.IsV1 && o.TakesBody && o.Expected("owner") == 'y'))
        {
            var scene = await Scene.Set(shop, operation);
            var plain = await Scene.Set(shop, operation);
            var expected = await operation.Call(plain, plain.Owner);

            var answer = await operation.Call(scene, scene.Owner, body => Array.ForEach([.. Privileged.Where(f => !operation.Fields.Contains(f))], f => body[f] = f == "status" ? "approved" : "1"));

            answer.Code.ShouldBe(expected.Code, operation.Id);
            (await scene.Facts()).ShouldBe(await plain.Facts(), operation.Id);
        }
    }

    [Fact]
    public async Task Security5_every_operation_asks_for_a_permission_that_there_is_or_for_nothing_but_who_it_is()
    {
        foreach (var operation in await Operation.Of(shop))
        {
            var rule = operation.Rule.Split('|');

            (operation.Rule is "anyone" or "signed_in" || (rule[0] == "self" && rule.Length == 2) || rule.Length == 1).ShouldBeTrue(operation.Id);
            (operation.Rule is "anyone" or "signed_in" || Permissions.All.Contains(rule[^1])).ShouldBeTrue($"{operation.Id} asks for '{rule[^1]}', which nobody can have");
        }
    }

    [Fact]
    public void Security5_a_service_with_an_operation_that_declares_no_access_does_not_start()
    {
        var open = new ServiceDefinition("sales", "Open", "A service with a hole.", (_, _) => { }, routes => routes.MapGet("/api/v2/hole", () => "come in"));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(shop.Settings).Build();

        Should.Throw<InvalidOperationException>(() => ServiceHost.Build(open, configuration)).Message.ShouldContain("declares no access");
    }

    [Fact]
    public async Task Security6_operations_between_services_take_services_tokens_only()
    {
        var (jo, moderator) = (await shop.NewCustomer(), await shop.NewModerator());
        var inside = Routes().Where(r => r.Route.StartsWith("/internal/", StringComparison.Ordinal)).Distinct().ToArray();

        inside.Select(r => r.Service).Distinct().Count().ShouldBeGreaterThanOrEqualTo(3);
        foreach (var (service, route) in inside)
        {
            foreach (var caller in new[] { shop.Visitor, jo, moderator, shop.Admin })
            {
                var (read, written) = (await caller.Get(service, route), await caller.Post(service, route, "[]"));
                new[] { read.Code, written.Code }.ShouldBeSubsetOf([401, 405], route);
                new[] { read.Code, written.Code }.ShouldContain(401, route);
            }

            var (asked, told) = (await shop.AsSales().Get(service, route), await shop.AsSales().Post(service, route, "[]"));
            (asked.Code == 401 || told.Code == 401).ShouldBeFalse(route);
        }
    }

    [Theory]
    [InlineData("/INTERNAL/customers?username=admin")]
    [InlineData("/%69nternal/customers?username=admin")]
    [InlineData("/%2Finternal/customers?username=admin")]
    [InlineData("/api/v2/../../internal/customers?username=admin")]
    [InlineData("/internal/customers/?username=admin")]
    public async Task Security6_no_way_of_writing_the_path_gets_a_users_token_in(string path) =>
        (await shop.Admin.Get("customers", path)).Code.ShouldBeOneOf(401, 404);

    [Fact]
    public async Task Security6_a_services_token_opens_nothing_else()
    {
        foreach (var operation in (await Operation.Of(shop)).Where(o => o.Expected("visitor") == '1'))
        {
            (await operation.Call(await Scene.Set(shop, operation), shop.AsSales())).Code.ShouldBe(401, operation.Id);
        }
    }

    private IEnumerable<(string Service, string Route)> Routes() =>
        from service in Shop.Services.Select(s => s.Name)
        from endpoint in shop.Parts(service).GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
        select (service, $"/{endpoint.RoutePattern.RawText!.TrimStart('/')}");

    /// <summary>A refusal without what names the things that were asked for.</summary>
    private static string Shape(Answer answer, Scene scene)
    {
        var body = JsonNode.Parse(answer.Text)!.AsObject();
        body.Remove("trace_id");
        return $"{answer.Code} {answer.ContentType} {Shape(body.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), scene)}";
    }

    private static string Shape(string text, Scene scene) => scene.Names().Aggregate(text, (t, n) => t.Replace(n.Name, n.Instead, StringComparison.Ordinal));
}
