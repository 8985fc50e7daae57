using System.Text.Json;
using Souk.Fuzz.Requests;
using Souk.Fuzz.Wire;

namespace Souk.Fuzz.Tests;

/// <summary>What the fuzzer sends.</summary>
public class PlannerTests
{
    private const int Some = 3000;

    [Fact]
    public void The_same_seed_makes_the_same_requests_and_another_makes_others()
    {
        Written(7).ShouldBe(Written(7));
        Written(7).Zip(Written(8)).Count(pair => pair.First == pair.Second).ShouldBeLessThan(Some / 20);
    }

    [Fact]
    public void A_request_does_not_depend_on_those_before_it()
    {
        var planner = new Planner(7, Documents.Operations);

        Line(new Planner(7, Documents.Operations).Make(2500)).ShouldBe(Line(Enumerable.Range(1, Some).Select(n => planner.Make(n)).Single(p => p.Number == 2500)));
    }

    [Fact]
    public void Every_operation_is_called_as_everybody()
    {
        var planner = new Planner(1, Documents.Operations);

        var called = Enumerable.Range(1, 100_000).Select(n => planner.Make(n)).Select(p => (p.Operation.Id, p.Operation.Service, p.Who)).ToHashSet();

        called.Count.ShouldBe((Documents.Operations.Count * 7) - Documents.Operations.Count(o => o.IsInternal));
    }

    [Fact]
    public void Who_may_rotate_the_signing_keys_does_and_only_the_others_try_it_at_once()
    {
        var planner = new Planner(1, Documents.Operations);

        var bodies = Enumerable.Range(1, 100_000).Select(n => planner.Make(n)).Where(p => p.Operation.Id == "post_v2_signing_keys" && p.Body is not null).ToLookup(p => p.Who, p => p.Body!);

        bodies.Count.ShouldBe(7);
        bodies["admin"].ShouldContain("""{"at_once":false}""");
        bodies["admin"].ShouldNotContain(b => b.Contains("true", StringComparison.Ordinal));
        bodies.Where(b => b.Key != "admin").ShouldAllBe(b => b.Contains("""{"at_once":true}"""));
    }

    [Fact]
    public void Many_bodies_are_right_and_many_are_not_even_JSON()
    {
        var bodies = Plans(1).Where(p => p.Body is not null).Select(p => Outgoing.Of(p, new Seen(), "localhost").Text.Split("\r\n\r\n", 2)[1]).ToArray();

        bodies.Count(IsJson).ShouldBeGreaterThan(bodies.Length / 2);
        bodies.Count(b => !IsJson(b)).ShouldBeGreaterThan(bodies.Length / 8);
    }

    [Fact]
    public void What_earlier_answers_told_comes_back_in_later_requests()
    {
        var seen = new Seen();
        seen.Learn(Documents.Of("post_v2_orders"), JsonSerializer.SerializeToElement(new { id = "5b1f6c1e-94a2-4a51-8d3e-2f6f3a0c9b77", lines = new[] { new { product_id = 4711 } } }), "\"v3\"");

        var sent = string.Join('\n', Plans(1).Select(p => Outgoing.Of(p, seen, "localhost").Text));

        sent.ShouldContain("GET /api/v2/orders/5b1f6c1e-94a2-4a51-8d3e-2f6f3a0c9b77 HTTP/1.1");
        sent.ShouldContain("\"product_id\":4711");
        sent.ShouldContain("If-Match: \"v3\"");
        sent.ShouldNotContain("⟦");
    }

    private static IEnumerable<Plan> Plans(int seed)
    {
        var planner = new Planner(seed, Documents.Operations);
        return Enumerable.Range(1, Some).Select(n => planner.Make(n));
    }

    private static string[] Written(int seed) => [.. Plans(seed).Select(Line)];

    private static string Line(Plan plan) => $"{plan.Who} {Outgoing.Of(plan, new Seen(), "localhost").Text}";

    private static bool IsJson(string bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(System.Text.Encoding.Latin1.GetBytes(bytes));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
