using System.Globalization;

namespace Souk.Bench;

/// <summary>Purchases by wrk, counted by what the shop has recorded.</summary>
internal sealed class Purchases(Shop shop)
{
    private const double MostOff = 0.1;
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(5);

    private int _runs;

    /// <summary>How long an answer took on average when it was last bought at a rate; a customer thinks for so much less.</summary>
    private TimeSpan _answered;

    /// <summary>Buys at full speed for a time. All purchases have to succeed, and to be recorded.</summary>
    /// <param name="products">From how many products, the first ones; 1 makes that one hot.</param>
    /// <param name="duration">How long.</param>
    public async Task<Reading> Run(int products, TimeSpan duration)
    {
        var orders = await shop.Orders();
        var (report, micros) = await Load(products, duration, Plan.Connections);
        RequireAll(report);
        if (report.Served == 0)
        {
            throw new IOException("No purchase was answered in time.");
        }

        // The requests that were under way when wrk left may have ended either way.
        var recorded = await Settled() - orders;
        return recorded >= report.Served && recorded <= report.Served + Plan.Connections
            ? new Reading(report.Served / report.Seconds, micros)
            : throw new IOException($"{report.Served} purchases were confirmed, but {recorded} orders are recorded.");
    }

    /// <summary>Buys at a rate, as so many customers do who think for a while after each answer. All purchases have to succeed.</summary>
    /// <param name="perSecond">The rate.</param>
    /// <param name="duration">How long.</param>
    /// <returns>The latency that one in a hundred exceeds, in milliseconds.</returns>
    /// <exception cref="IOException">Not all succeeded, or the rate was not what it should be.</exception>
    public async Task<Reading> Paced(double perSecond, TimeSpan duration)
    {
        if (_answered == default)
        {
            await Think(perSecond, FirstLook);
        }

        var (report, micros) = await Think(perSecond, duration);
        var rate = report.Served / report.Seconds / perSecond;
        return Math.Abs(rate - 1) <= MostOff
            ? new Reading(report.P99Micros / 1000, micros)
            : throw new IOException(string.Create(CultureInfo.InvariantCulture, $"The rate was {rate:0.00} of what it should be: answers took {report.MeanMicros / 1000:0} ms on average."));
    }

    /// <summary>Buys for a time, each connection waiting so long on average between an answer and its next request.</summary>
    public async Task<(WrkReport Report, Dictionary<string, double> Micros)> Load(int products, TimeSpan duration, int connections, TimeSpan pause = default)
    {
        var tokens = await shop.Tokens.File(duration);
        var before = shop.ProcessorSeconds();
        var report = await Wrk.Run("purchase.lua", shop.Urls["Sales"], duration, connections, tokens, $"{products}", $"wrk-{++_runs}", $"{(int)pause.TotalMilliseconds}", $"{connections / Wrk.Threads}");
        return (report, ProcessorTime.MicrosEach(before, shop.ProcessorSeconds(), report.Served));
    }

    /// <summary>The number of orders once it has stood still for a second: what was under way when wrk left still ends.</summary>
    public async Task<long> Settled()
    {
        var (last, now) = (-1L, await shop.Orders());
        while (now != last)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            (last, now) = (now, await shop.Orders());
        }

        return now;
    }

    private async Task<(WrkReport Report, Dictionary<string, double> Micros)> Think(double perSecond, TimeSpan duration)
    {
        var pause = TimeSpan.FromSeconds(Plan.Paced / perSecond) - _answered;
        if (pause < TimeSpan.FromMilliseconds(1))
        {
            throw new IOException($"{Plan.Paced} connections can't make {perSecond:0} purchases a second: an answer takes {_answered.TotalMilliseconds:0} ms.");
        }

        var (report, micros) = await Load(shop.Products, duration, Plan.Paced, pause);
        _answered = TimeSpan.FromMicroseconds(report.MeanMicros);
        RequireAll(report);
        return (report, micros);
    }

    private static void RequireAll(WrkReport report)
    {
        if (report.Refused + report.Broken > 0)
        {
            throw new IOException($"{report.Refused} of {report.Answers} purchases were refused and {report.Broken} got no answer.");
        }
    }
}
