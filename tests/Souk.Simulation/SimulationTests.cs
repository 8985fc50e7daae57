using System.Diagnostics;
using System.Globalization;

namespace Souk.Simulation;

/// <summary>The sale under every fault that we can think of; <c>docs/proof.md</c> tells what is simulated and what is promised.</summary>
public class SimulationTests(ITestOutputHelper output)
{
    private static readonly int Seeds = Number("SOUK_SEEDS") ?? (Environment.GetEnvironmentVariable("CI") == "true" ? 10_000 : 1_000);

    [Fact]
    public void Every_promise_is_kept_whatever_fails()
    {
        if (Number("SOUK_SEED") is { } one)
        {
            SeedRun.One(one, output.WriteLine).Broken.ShouldBeNull($"seed {one}");
            return;
        }

        var (from, watch) = (Number("SOUK_FROM") ?? 1, Stopwatch.StartNew());
        var (done, seed, broken) = SeedRun.Many(from, Seeds, Progress);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done:N0} seeds from {from}, {done / watch.Elapsed.TotalSeconds:N1} seeds/s"));
        foreach (var (what, count) in SeedRun.Counts.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,12:N0} {what}"));
        }

        // In a world in which nothing happens every promise is kept.
        string[] all = ["bought", "out_of_stock", "insufficient_funds", "price_changed", "order_aborted", "cart_empty", "idempotency_key_reused", "cancels", "dies", "goes away", "has a conflict", "loses a connection in a commit"];
        broken.ShouldBeNull($"seed {seed} (SOUK_SEED={seed} shows how)");
        all.Except(done < 100 ? all : SeedRun.Counts.Keys).ShouldBeEmpty();

        void Progress(int count)
        {
            if (count % 1000 == 0)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count:N0} seeds, {count / watch.Elapsed.TotalSeconds:N1} seeds/s"));
            }
        }
    }

    [Fact]
    public void A_seed_replays_exactly()
    {
        foreach (var seed in Enumerable.Range(1, 20))
        {
            SeedRun.One(seed).ShouldBe(SeedRun.One(seed));
        }

        Enumerable.Range(1, 20).Select(s => SeedRun.One(s).Trace).ShouldBeUnique();
    }

    internal static int? Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
