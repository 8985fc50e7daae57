using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;

namespace Souk.Platform.Security;

/// <summary>
/// The public keys of Customers, from its <c>/.well-known/jwks.json</c>. A key set counts for a minute and is then fetched again
/// with the next token to be checked, so that a new key is known before it signs and a retired one is not for long. Nothing fetches
/// it sooner, least of all made-up key identifiers: they can't turn this service into a flood.
/// </summary>
internal sealed partial class SigningKeys(Peers peers, TimeProvider time, ILogger<SigningKeys> log)
{
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>How old a key set may grow while Customers can't be reached: after that no token that it issued is valid anyway.</summary>
    private static readonly TimeSpan Longest = TokenNames.Lifetime + TokenNames.Skew;

    private readonly Lock _one = new();
    private volatile Known _known = new([], DateTimeOffset.MinValue, DateTimeOffset.MinValue, null);
    private Task _fetch = Task.CompletedTask;

    /// <summary>Why the keys could not be fetched the last time; null when they were. A token can't be judged then.</summary>
    public Error? Failure => _known.Failure;

    public async ValueTask<SecurityKey?> Find(string kid)
    {
        var known = _known;
        var now = time.GetUtcNow();
        if (now >= known.NextFetch)
        {
            var fetch = Fetching();

            // While Customers is away, requests with keys that are known go on without waiting for it.
            if (known.Failure is null || now - known.At > Longest || !known.Keys.ContainsKey(kid))
            {
                await fetch;
            }

            known = _known;
        }

        return now - known.At > Longest ? null : known.Keys.GetValueOrDefault(kid);
    }

    /// <summary>The fetch that is under way, or a new one; there is never more than one.</summary>
    private Task Fetching()
    {
        lock (_one)
        {
            if (_fetch.IsCompleted && time.GetUtcNow() >= _known.NextFetch)
            {
                _fetch = Task.Run(Fetch);
            }

            return _fetch;
        }
    }

    private async Task Fetch()
    {
        var started = time.GetUtcNow();
        var answer = await peers["customers"].GetText("/.well-known/jwks.json");
        if (answer.Refused(out var error, out var text))
        {
            // A failed fetch is not counted against the minute, but requests must not queue up behind a service that is away.
            _known = _known with { NextFetch = time.GetUtcNow() + AfterFailure, Failure = error };
            LogNoKeys(error.Detail);
            return;
        }

        _known = new Known(new JsonWebKeySet(text).Keys.ToDictionary(k => k.Kid, SecurityKey (k) => k), started, started + Between, null);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The signing keys could not be fetched: {Reason}")]
    private partial void LogNoKeys(string reason);

    /// <summary>A key set, and what is known about it.</summary>
    private sealed record Known(Dictionary<string, SecurityKey> Keys, DateTimeOffset At, DateTimeOffset NextFetch, Error? Failure);
}
