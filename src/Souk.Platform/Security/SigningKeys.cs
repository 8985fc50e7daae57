using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;

namespace Souk.Platform.Security;

/// <summary>
/// The public keys of Customers, from its <c>/.well-known/jwks.json</c>. An unknown key identifier fetches them again, at most once
/// a minute, so that made-up tokens can't turn this service into a flood.
/// </summary>
internal sealed partial class SigningKeys(Peers peers, TimeProvider time, ILogger<SigningKeys> log) : IDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _one = new(1);
    private Dictionary<string, SecurityKey> _keys = [];
    private DateTimeOffset _nextFetch = DateTimeOffset.MinValue;

    /// <summary>Why the keys could not be fetched the last time; null when they were. A token can't be judged then.</summary>
    public Error? Failure { get; private set; }

    public async ValueTask<SecurityKey?> Find(string kid)
    {
        if (_keys.TryGetValue(kid, out var key))
        {
            return key;
        }

        await _one.WaitAsync();
        try
        {
            if (!_keys.ContainsKey(kid) && time.GetUtcNow() >= _nextFetch)
            {
                await Fetch();
            }
        }
        finally
        {
            _one.Release();
        }

        return _keys.GetValueOrDefault(kid);
    }

    public void Dispose() => _one.Dispose();

    private async Task Fetch()
    {
        var answer = await peers["customers"].GetText("/.well-known/jwks.json");
        if (answer.Refused(out var error, out var text))
        {
            // A failed fetch is not counted against the minute, but requests must not queue up behind a service that is away.
            _nextFetch = time.GetUtcNow() + AfterFailure;
            Failure = error;
            LogNoKeys(error.Detail);
            return;
        }

        _keys = new JsonWebKeySet(text).Keys.ToDictionary(k => k.Kid, SecurityKey (k) => k);
        _nextFetch = time.GetUtcNow() + Between;
        Failure = null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The signing keys could not be fetched: {Reason}")]
    private partial void LogNoKeys(string reason);
}
