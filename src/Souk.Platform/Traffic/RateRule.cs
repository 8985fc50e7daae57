using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;

namespace Souk.Platform.Traffic;

/// <summary>So many requests at once, which come back evenly over so many seconds: a token bucket.</summary>
internal sealed class RateRule
{
    private const int MostRequests = 1_000_000;
    private const int MostSeconds = 86_400;

    private readonly string _name;
    private readonly int _requests;
    private readonly int _seconds;
    private readonly StringValues _policy;

    // A timer of the framework's own would go through all of them ten times a second, whether anybody asks or not.
    private readonly Lazy<TokenBucketRateLimiter?[]> _buckets = new(() => new TokenBucketRateLimiter?[Limits.RateBuckets]);

    public RateRule(string name, int requests, int seconds)
    {
        (_name, _requests, _seconds) = (name, requests, seconds);
        _policy = string.Create(CultureInfo.InvariantCulture, $"\"{name}\";q={requests};w={seconds}");
        var wait = TimeSpan.FromSeconds(Math.Ceiling((double)seconds / requests));
        Refusal = CommonErrors.RateLimited.With($"These were too many requests ({name}: {requests} at once, then as many every {seconds} s). Come back in {wait.TotalSeconds} s.") with { RetryAfter = wait };
    }

    /// <summary>What is told to whoever has none left.</summary>
    public Error Refusal { get; }

    /// <summary>Reads <c>30/60</c> (30 at once, which come back over 60 seconds) or <c>off</c>, which is null.</summary>
    /// <exception cref="SettingException">It is neither.</exception>
    public static RateRule? Read(string name, string setting, string text)
    {
        if (text == "off")
        {
            return null;
        }

        return text.Split('/') is [var first, var second] && Number(first, MostRequests, out var requests) && Number(second, MostSeconds, out var seconds)
            ? new RateRule(name, requests, seconds)
            : throw new SettingException($"{setting} is '{text}'; it is 'off', or as in 30/60 a number of requests (to {MostRequests}) and of seconds (to {MostSeconds}) over which they come back.");
    }

    /// <summary>One of the rule's buckets, with what has come back by now. It is made full when it is first asked for, and kept: there are never more than <see cref="Limits.RateBuckets"/>.</summary>
    public TokenBucketRateLimiter Bucket(int slot)
    {
        var bucket = Volatile.Read(ref _buckets.Value[slot]) ?? NewBucket(slot);
        bucket.TryReplenish();
        return bucket;
    }

    /// <summary>Says what the rule is, how many are left and when all will be (draft-ietf-httpapi-ratelimit-headers-10).</summary>
    public void Tell(IHeaderDictionary headers, long left)
    {
        headers["RateLimit-Policy"] = _policy;
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{_name}\";r={left};t={((_requests - left) * _seconds + _requests - 1) / _requests}");
    }

    private TokenBucketRateLimiter NewBucket(int slot)
    {
        var made = new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = _requests,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(_seconds) / _requests,
            AutoReplenishment = false,
            QueueLimit = 0,
        });
        return Interlocked.CompareExchange(ref _buckets.Value[slot], made, null) ?? made;
    }

    private static bool Number(string text, int most, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1 && number <= most;
}
