using System.Net;
using Microsoft.AspNetCore.Http;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Security;

namespace Souk.Platform.Traffic;

/// <summary>
/// Counts the requests of each address and each account. Each has one of a fixed number of buckets, by a hash that nobody outside can
/// foresee, so that however many addresses there are they fill no more memory than that; two that share a bucket share a limit.
/// </summary>
internal sealed class RateLimits(RateRules rules)
{
    /// <summary>Takes a request from what its address has left; the refusal when nothing is.</summary>
    public Error? OfAddress(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        return rules.PerAddress(RateClass.Of(http)) is { } rule && !IsExempt(address)
            ? Take(rule, SlotOf(address), http.Response.Headers, tell: http.Request.Headers.Authorization.Count == 0)
            : null;
    }

    /// <summary>Takes a request from what its account has left; the refusal when nothing is.</summary>
    public Error? OfAccount(HttpContext http) =>
        Caller.Of(http) is { } caller && rules.PerAccount(RateClass.Of(http)) is { } rule && !IsExempt(http.Connection.RemoteIpAddress)
            ? Take(rule, SlotOf(caller.Id), http.Response.Headers, tell: true)
            : null;

    /// <summary>Who gets an IPv6 address gets at least the 64 bits below its network, so the network is what counts (RFC 6177).</summary>
    internal static int SlotOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        var hash = new HashCode();
        hash.AddBytes(length == 4 ? bytes[..4] : address.IsIPv4MappedToIPv6 ? bytes[12..] : bytes[..8]);
        return Slot(hash);
    }

    private static int SlotOf(Guid account)
    {
        var hash = new HashCode();
        hash.Add(account);
        return Slot(hash);
    }

    private static int Slot(HashCode hash) => (int)((uint)hash.ToHashCode() % Limits.RateBuckets);

    private bool IsExempt(IPAddress? address) => rules.ExemptLoopback && address is not null && IPAddress.IsLoopback(address);

    private static Error? Take(RateRule rule, int slot, IHeaderDictionary headers, bool tell)
    {
        var bucket = rule.Bucket(slot);
        using var lease = bucket.AttemptAcquire();
        if (tell || !lease.IsAcquired)
        {
            rule.Tell(headers, lease.IsAcquired ? bucket.GetStatistics()?.CurrentAvailablePermits ?? 0 : 0);
        }

        return lease.IsAcquired ? null : rule.Refusal;
    }
}

/// <summary>Refuses the requests of an address that sends too many, before anything else is done for them.</summary>
internal sealed class AddressGate(RequestDelegate next, RateLimits limits)
{
    public Task InvokeAsync(HttpContext http) => limits.OfAddress(http) is { } error ? new Refusal(error).ExecuteAsync(http) : next(http);
}

/// <summary>Refuses the requests of an account that sends too many, as soon as it is known whose they are.</summary>
internal sealed class AccountGate(RequestDelegate next, RateLimits limits)
{
    public Task InvokeAsync(HttpContext http) => limits.OfAccount(http) is { } error ? new Refusal(error).ExecuteAsync(http) : next(http);
}
