using System.Globalization;

namespace Souk.Bench;

/// <summary>Purchases by wrk, counted by what the shop has recorded.</summary>
internal sealed class Purchases(Shop shop)
{
    private int _runs;

    /// <summary>Buys at full speed for a time.</summary>
    /// <param name="products">From how many products, the first ones; 1 makes that one hot.</param>
    /// <param name="duration">How long.</param>
    public async Task<Reading> Run(int products, TimeSpan duration)
    {
        var (report, micros) = await Load(products, duration, Plan.Connections);
        return report.Refused + report.Broken == 0
            ? new Reading(report.Served / report.Seconds, micros)
            : throw new IOException($"{report.Refused} of {report.Answers} purchases were refused and {report.Broken} got no answer.");
    }

    /// <summary>Buys for a time, each connection waiting so long on average between an answer and its next request.</summary>
    public async Task<(WrkReport Report, Dictionary<string, double> Micros)> Load(int products, TimeSpan duration, int connections, TimeSpan pause = default)
    {
        var tokens = await shop.Tokens.File(duration);
        var run = $"{shop.GetHashCode():x}-{++_runs}";
        var orders = await shop.Orders();
        var before = shop.ProcessorSeconds();
        var report = await Wrk.Run(
            "purchase.lua", shop.Urls["Sales"], duration, connections, tokens, products.ToString(CultureInfo.InvariantCulture), run, ((int)pause.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        var after = shop.ProcessorSeconds();
        await Check(report, orders, connections);
        return (report, after.ToDictionary(p => p.Key, p => (p.Value - before[p.Key]) / Math.Max(1, report.Served) * 1e6));
    }

    /// <summary>What wrk was told and what is recorded must agree, but for the requests that were under way when wrk left.</summary>
    private async Task Check(WrkReport report, long ordersBefore, int connections)
    {
        var recorded = await Settled() - ordersBefore;
        if (recorded < report.Served || recorded > report.Served + report.Broken + connections)
        {
            throw new IOException($"{report.Served} purchases were confirmed, but {recorded} orders are recorded.");
        }
    }

    /// <summary>The number of orders once it has stood still for a second: what was under way when wrk left still ends.</summary>
    private async Task<long> Settled()
    {
        var (last, now) = (-1L, await shop.Orders());
        while (now != last)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            (last, now) = (now, await shop.Orders());
        }

        return now;
    }
}
