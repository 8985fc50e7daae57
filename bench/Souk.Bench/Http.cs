using System.Diagnostics;
using System.Text.Json;

namespace Souk.Bench;

/// <summary>How the benchmark speaks to what it measures.</summary>
internal static class Http
{
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(2);

    public static JsonSerializerOptions Json { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static HttpClient Client(Uri address, int connections) =>
        new(new SocketsHttpHandler { MaxConnectionsPerServer = connections, UseCookies = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromSeconds(30),
        };

    /// <summary>Waits until a service answers.</summary>
    /// <param name="http">Asks.</param>
    /// <param name="probe">What to ask.</param>
    /// <param name="ended">The log of a process that has ended instead of serving, if one has.</param>
    public static async Task Ready(HttpClient http, Uri probe, Func<string?> ended)
    {
        for (var started = Stopwatch.GetTimestamp(); !await Answers(http, probe); await Task.Delay(50))
        {
            if (ended() is { } log)
            {
                throw new IOException($"The service ended: {Tool.Last(await File.ReadAllTextAsync(log))}");
            }

            if (Stopwatch.GetElapsedTime(started) > StartTime)
            {
                throw new IOException($"{probe} does not answer.");
            }
        }
    }

    private static async Task<bool> Answers(HttpClient http, Uri probe)
    {
        try
        {
            using var response = await http.GetAsync(probe);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // It does not listen yet.
        }
    }
}
