using Souk.Fuzz.Requests;
using Souk.Fuzz.Running;
using Souk.Testing;

namespace Souk.Fuzz.Tests;

/// <summary>A short run against a whole shop; the long one is a step of <c>.ci/run</c>.</summary>
public class FuzzTests(TestShop shop)
{
    [Fact]
    public async Task No_documented_operation_is_left_out() =>
        (await FuzzRun.OperationsOf(shop)).Where(o => !o.IsInternal).Select(o => $"{o}").ShouldBe(Documents.Operations.Where(o => !o.IsInternal).Select(o => $"{o}"), ignoreOrder: true);

    [Fact]
    public async Task Hostile_requests_at_every_operation_as_everybody_find_nothing()
    {
        var findings = new Findings();
        var planner = new Planner(20261127, await FuzzRun.OperationsOf(shop));

        await new FuzzRun(shop, planner, findings).Send(1, 4000, TestContext.Current.CancellationToken);

        findings.All.Select(f => $"{f.First.Number} {f.First.Operation} as {f.First.Who}: {f.Fault}\n{f.Request}\n{f.Answer}").ShouldBeEmpty();
        findings.Requests.ShouldBe(4000);

        // A fuzzer that is always turned away at the door finds nothing either. How many it gets through differs: on its way it ends sessions and accounts, its own too.
        var through = planner.Operations.Where(o => !o.IsInternal && !findings.Statuses[$"{o}"].Any(s => s.Status is >= 200 and < 300)).Select(o => $"{o}");
        through.Count().ShouldBeLessThan(planner.Operations.Count / 2, string.Join('\n', through));
    }
}
