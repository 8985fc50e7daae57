using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.EntityFrameworkCore;
using Souk.Customers.Accounts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Security;

namespace Souk.Customers.Sessions;

/// <summary>
/// Bounds how often a password can be guessed: so often for a username from one address, then a pause that grows. A guess is counted
/// before the password is looked at, so any number of them at once meet the limit, on any number of instances. Because the address
/// counts too, nobody can lock a customer out from elsewhere; because made-up names count alike, a pause tells nothing.
/// </summary>
internal sealed class Guesses(GroupCommit<CustomersDb> writer, GuessLimits limits, TimeProvider time) : IDisposable
{
    /// <summary>How many guesses wait for the one before.</summary>
    private const int LongestLine = 128;

    /// <summary>One at a time for each name and address, or right passwords that are under way would count as wrong ones.</summary>
    private readonly PartitionedRateLimiter<string> _turns = PartitionedRateLimiter.Create<string, string>(key =>
        RateLimitPartition.GetConcurrencyLimiter(key, _ => new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = LongestLine, QueueProcessingOrder = QueueProcessingOrder.OldestFirst }));

    /// <summary>Checks a password, unless too many were wrong.</summary>
    /// <param name="username">The handle, in any case.</param>
    /// <param name="origin">Who asks.</param>
    /// <param name="check">Looks at the password.</param>
    public async Task<Result<PasswordCheck>> Run(string username, Origin origin, Func<Task<Result<PasswordCheck>>> check)
    {
        var key = KeyOf(username, origin);
        using var turn = await _turns.AcquireAsync(key);
        if (!turn.IsAcquired)
        {
            return CommonErrors.Busy.With("Too many passwords are waiting to be checked.") with { RetryAfter = Limits.BusyRetryAfter };
        }

        if ((await writer.Write(db => Count(db, key))).Refused(out var paused, out _))
        {
            return paused;
        }

        var answer = await check();
        if (answer.Error is not null)
        {
            await writer.Write(db => TakeBack(db, key));
        }
        else if (answer.Value.Right)
        {
            await writer.Write(db => Forgive(db, username, origin));
        }

        return answer;
    }

    /// <summary>Forgets the wrong guesses, inside a write: their maker has shown who they are.</summary>
    public static async Task<Result<Done>> Forgive(CustomersDb db, string username, Origin origin)
    {
        var key = KeyOf(username, origin);
        await db.Guesses.Where(g => g.Key == key).ExecuteDeleteAsync();
        return default(Done);
    }

    public void Dispose() => _turns.Dispose();

    private async Task<Result<Done>> Count(CustomersDb db, string key)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var guess = await db.Guesses.SingleOrDefaultAsync(g => g.Key == key) ?? db.Add(new Guess { Key = key }).Entity;
        if (guess.PausedUntil > now)
        {
            var wait = guess.PausedUntil.Value - now;
            return CustomersErrors.TooManyGuesses.With(string.Create(CultureInfo.InvariantCulture, $"Try again in {Math.Ceiling(wait.TotalSeconds)} seconds.")) with { RetryAfter = wait };
        }

        guess.Count = now - guess.At > GuessLimits.Remembered ? 1 : guess.Count + 1;
        var pause = limits.AfterPasswords(guess.Count);
        (guess.At, guess.PausedUntil) = (now, pause > TimeSpan.Zero ? now + pause : null);
        return default(Done);
    }

    /// <summary>The password was not looked at, so it was no guess.</summary>
    private static async Task<Result<Done>> TakeBack(CustomersDb db, string key)
    {
        if (await db.Guesses.SingleOrDefaultAsync(g => g.Key == key) is { } guess)
        {
            (guess.Count, guess.PausedUntil) = (guess.Count - 1, null);
        }

        return default(Done);
    }

    internal static string KeyOf(string username, Origin origin) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Customer.KeyOf(username)}\n{Network(origin.Address)}")));

    /// <summary>Whoever has an IPv6 address has its whole /64, so all of those are one.</summary>
    private static string Network(string address) =>
        IPAddress.TryParse(address, out var ip) && ip.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(ip.GetAddressBytes().AsSpan(0, 8)) : address;
}
