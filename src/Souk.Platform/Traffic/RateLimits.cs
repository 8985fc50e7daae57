using System.Net;
using Microsoft.AspNetCore.Http;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Security;

namespace Souk.Platform.Traffic;

/// <summary>
/// Counts the requests of each address and each account, to each kind of operation and to those with a limit of their own. Each has one
/// of a fixed number of buckets, by a hash that nobody outside can foresee, so that however many addresses there are they fill no more memory than that; two that share a bucket share a limit.
/// </summary>
internal sealed class RateLimits(RateRules rules, RouteLimits routes)
{
    /// <summary>Takes a request from what its address has left; the refusal when nothing is.</summary>
    public Error? OfAddress(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        return IsExempt(address) ? null
            : Take(rules.PerAddress(RateClass.Of(http)), SlotOf(address), http, tell: true)
            ?? Take(RouteLimits.CountsAddresses(http) ? routes.Of(http) : null, SlotOf(address), http, tell: true);
    }

    /// <summary>Takes a request from what its account has left; the refusal when nothing is.</summary>
    public Error? OfAccount(HttpContext http)
    {
        if (Caller.Of(http) is not { } caller || IsExempt(http.Connection.RemoteIpAddress))
        {
            return null;
        }

        var (own, byAddress) = (routes.Of(http), RouteLimits.CountsAddresses(http));
        return Take(rules.PerAccount(RateClass.Of(http)), SlotOf(caller.Id), http, tell: own is null || !byAddress)
            ?? Take(byAddress ? null : own, SlotOf(caller.Id), http, tell: true);
    }

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

    /// <summary>Takes a request from what is left. What is told stands until a closer rule is: the account's before the address's, the operation's own before both.</summary>
    private static Error? Take(RateRule? rule, int slot, HttpContext http, bool tell)
    {
        if (rule is null)
        {
            return null;
        }

        var bucket = rule.Bucket(slot);
        using var lease = bucket.AttemptAcquire();
        if (tell || !lease.IsAcquired)
        {
            rule.Tell(http.Response.Headers, lease.IsAcquired ? bucket.GetStatistics()?.CurrentAvailablePermits ?? 0 : 0);
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
