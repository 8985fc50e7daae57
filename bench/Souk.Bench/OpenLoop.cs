using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace Souk.Bench;

/// <summary>What came of requests that were sent at a fixed rate.</summary>
/// <param name="Millis">The latencies of all answers, in ascending order.</param>
/// <param name="Statuses">How many answers had which status.</param>
/// <param name="WithRetryAfter">How many of the 503s said when to come back.</param>
internal sealed record OpenLoopReport(double[] Millis, IReadOnlyDictionary<HttpStatusCode, int> Statuses, int WithRetryAfter)
{
    /// <summary>The latency that all but so many of a hundred stay within.</summary>
    public double Percentile(double percent) => Millis.Length == 0 ? double.PositiveInfinity : Millis[Math.Min(Millis.Length - 1, (int)Math.Ceiling(Millis.Length * percent / 100) - 1)];

    public int Of(HttpStatusCode status) => Statuses.GetValueOrDefault(status);
}

/// <summary>
/// Sends requests at a fixed rate whatever becomes of the earlier ones, as customers do, and counts each one's time from the moment
/// at which it was due: a shop that stalls can't hide it by being asked less.
/// </summary>
internal static class OpenLoop
{
    public static async Task<OpenLoopReport> Run(HttpClient http, double perSecond, TimeSpan duration, Func<HttpRequestMessage> request)
    {
        var answers = new ConcurrentQueue<Answer>();
        var underWay = new List<Task>();
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (var sent = 0; sent < perSecond * duration.TotalSeconds; await timer.WaitForNextTickAsync())
        {
            for (var due = Stopwatch.GetElapsedTime(started).TotalSeconds * perSecond; sent < due; sent++)
            {
                underWay.Add(Send(http, request(), started + (long)(sent / perSecond * Stopwatch.Frequency), answers));
            }
        }

        await Task.WhenAll(underWay);
        return new OpenLoopReport(
            [.. answers.Select(a => a.Millis).Order()],
            answers.GroupBy(a => a.Status).ToDictionary(g => g.Key, g => g.Count()),
            answers.Count(a => a is { Status: HttpStatusCode.ServiceUnavailable, RetryAfter: true }));
    }

    private static async Task Send(HttpClient http, HttpRequestMessage request, long due, ConcurrentQueue<Answer> answers)
    {
        using (request)
        {
            using var response = await http.SendAsync(request);
            answers.Enqueue(new Answer(response.StatusCode, Stopwatch.GetElapsedTime(due).TotalMilliseconds, response.Headers.RetryAfter is not null));
        }
    }

    private readonly record struct Answer(HttpStatusCode Status, double Millis, bool RetryAfter);
}
