using System.Globalization;

namespace Souk.Bench;

/// <summary>
/// Four times as many purchases are wanted as can be served. Of a crowd of connections as many as the shop takes are under way; the others
/// wait between an answer and their next request so long that all requests together are four times the peak.
/// </summary>
internal sealed class Overload(Session session, Shop shop, Purchases purchases)
{
    private const int Times = 4;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    public async Task<Outcome> Run(Measure measure, double peak)
    {
        session.Doing($"{measure.Name}: {Times} × {Row.Number(peak)} {measure.Unit}");
        var orders = await purchases.Settled();
        var before = shop.ResidentMegabytes;
        var sample = Sample();
        var (report, micros) = await purchases.Load(shop.Products, session.Plan.Round, Plan.Crowd, TimeSpan.FromSeconds((Plan.Crowd - Plan.UnderWay) / (Times * peak)));
        var after = shop.ResidentMegabytes;
        var sampled = await sample;

        session.Doing($"{measure.Name}: resting, then measuring again");
        await Task.Delay(Rest);
        var rested = await purchases.Paced(peak / 2, Rest);

        var recorded = await purchases.Settled() - orders;
        var goodput = new Reading(report.Served / report.Seconds, micros);
        return recorded >= report.Served
            ? new Outcome(measure, goodput, [goodput.Value], Remarks(report, sampled, rested, peak) + string.Create(CultureInfo.InvariantCulture, $", memory {before:0} MiB before and {after:0} MiB after"))
            : throw new IOException($"{report.Served} purchases were confirmed, but only {recorded} orders are recorded.");
    }

    /// <summary>A few purchases beside the crowd's, whose answers are looked at.</summary>
    private async Task<Sampled> Sample()
    {
        using var sampler = new SampledPurchases(shop);
        return await sampler.Buy(session.Plan.Round);
    }

    private static string Remarks(WrkReport report, Sampled sampled, Reading rested, double peak) => string.Create(
        CultureInfo.InvariantCulture,
        $"offered × {report.Answers / report.Seconds / peak:0.0}, {100.0 * report.Refused / report.Answers:0} % refused, {report.Broken} unanswered; of {sampled.Answers} looked at {sampled.Bought} bought and {sampled.Refused} got 503, {sampled.WithRetryAfter} with Retry-After; 5 s later p99 {rested.Value:0.0} ms at half of the peak");
}
