using System.Globalization;
using System.Net;

namespace Souk.Bench;

/// <summary>
/// Four times as many purchases are wanted as can be served. A crowd of connections, larger than any queue in the shop, waits between
/// requests so long that it would make four times the peak if it were answered at once.
/// </summary>
internal sealed class Overload(Session session, Shop shop, Purchases purchases, PacedPurchases paced)
{
    private const int Times = 4;
    private const double SampledPerSecond = 20;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    public async Task<Outcome> Run(Measure measure, double peak)
    {
        session.Doing($"{measure.Name}: {Times} × {Row.Number(peak)} {measure.Unit}");
        var orders = await purchases.Settled();
        var before = shop.ResidentMegabytes;
        var sample = Sample();
        var (report, micros) = await purchases.Load(shop.Products, session.Plan.Round, Plan.Crowd, TimeSpan.FromSeconds(Plan.Crowd / (Times * peak)));
        var after = shop.ResidentMegabytes;
        var sampled = await sample;

        session.Doing($"{measure.Name}: resting, then measuring again");
        await Task.Delay(Rest);
        var rested = await paced.Run(peak / 2, Rest);

        var recorded = await purchases.Settled() - orders;
        var goodput = new Reading(report.Served / report.Seconds, micros);
        return recorded >= report.Served
            ? new Outcome(measure, goodput, [goodput.Value], Remarks(report, sampled, rested, peak) + string.Create(CultureInfo.InvariantCulture, $", memory {before:0} MiB before and {after:0} MiB after"))
            : throw new IOException($"{report.Served} purchases were confirmed, but only {recorded} orders are recorded.");
    }

    /// <summary>A few purchases beside the crowd's, whose answers are looked at.</summary>
    private async Task<OpenLoopReport> Sample()
    {
        using var sampler = new PacedPurchases(shop);
        return await sampler.Try(SampledPerSecond, session.Plan.Round);
    }

    private static string Remarks(WrkReport report, OpenLoopReport sampled, OpenLoopReport rested, double peak) => string.Create(
        CultureInfo.InvariantCulture,
        $"offered × {report.Answers / report.Seconds / peak:0.0}, {100.0 * report.Refused / report.Answers:0} % refused, {report.Broken} unanswered; of {sampled.Millis.Length} looked at {sampled.Of(HttpStatusCode.Created)} bought and {sampled.Of(HttpStatusCode.ServiceUnavailable)} got 503, {sampled.WithRetryAfter} with Retry-After; 5 s later p99 {rested.Percentile(99):0.0} ms at half of the peak");
}
