using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;

namespace Souk.Platform.Security;

/// <summary>Sessions that were ended while an access token of them may still be valid (<c>GET /internal/ended-sessions</c>).</summary>
/// <param name="Ids">The sessions.</param>
/// <param name="More">Where to ask on, in milliseconds since 1970; null when that was all.</param>
public sealed record EndedSessionList(IReadOnlyList<Guid> Ids, long? More)
{
    /// <summary>The most that one answer tells of.</summary>
    public const int Most = 5000;
}

/// <summary>
/// What a service knows of ended sessions: it asks Customers every other second, so that the path of a purchase is spared the
/// question. While Customers is down it goes on with what it knows; a token then lives to its own end, 15 minutes at most.
/// </summary>
internal sealed partial class EndedSessions(Peers peers, TimeProvider time, ILogger<EndedSessions> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>Each question reaches back so far, for clocks that differ and for commits that come late.</summary>
    private static readonly TimeSpan Overlap = TokenNames.Skew + TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _heard = new();
    private DateTimeOffset? _asked;

    /// <summary>Whether nothing was heard of the session's end.</summary>
    public ValueTask<bool> StillSignedIn(Caller caller, CancellationToken stop) => new(!_heard.ContainsKey(caller.SessionId));

    /// <summary>Asks for what is new, and forgets those whose tokens have expired.</summary>
    internal async Task<Error?> Ask(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var since = (long?)((_asked - Overlap) ?? (now - TokenNames.Lifetime - Overlap)).ToUnixTimeMilliseconds();
        while (since is { } from)
        {
            if ((await peers["customers"].Get<EndedSessionList>(string.Create(CultureInfo.InvariantCulture, $"/internal/ended-sessions?since={from}"), stop)).Refused(out var error, out var list))
            {
                return error;
            }

            foreach (var id in list.Ids)
            {
                _heard.TryAdd(id, now);
            }

            // Thousands that ended in one millisecond would be told again and again; the next question finds the rest.
            since = list.More == from ? null : list.More;
        }

        _asked = now;
        Forget(now - TokenNames.Lifetime - Overlap);
        return null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        const int Worrying = 3; // Services that start together, or one that starts again, are no news.
        var failures = 0;
        do
        {
            var error = await Ask(stoppingToken);
            failures = error is null ? 0 : failures + 1;
            if (failures == Worrying)
            {
                LogSilent(error!.Detail);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Forget(DateTimeOffset before)
    {
        foreach (var (id, _) in _heard.Where(h => h.Value < before))
        {
            _heard.TryRemove(id, out _);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Customers does not tell which sessions have ended; until it does, their tokens live on to their own end: {Reason}")]
    private partial void LogSilent(string reason);
}
