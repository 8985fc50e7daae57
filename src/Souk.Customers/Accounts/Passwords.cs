using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;

namespace Souk.Customers.Accounts;

/// <summary>How a password compares with a stored hash.</summary>
/// <param name="Right">Whether it is the one.</param>
/// <param name="BetterHash">A hash of today's strength to store instead, when the stored one is weaker; otherwise null.</param>
internal readonly record struct PasswordCheck(bool Right, string? BetterHash);

/// <summary>
/// Hashes passwords (PBKDF2, by ASP.NET Core Identity). It is slow on purpose, so it has lanes of its own that leave a processor
/// free: a flood of logins can't take buying down with it. Whoever finds the line before the lanes full is told so at once.
/// </summary>
internal sealed class Passwords : IDisposable
{
    /// <summary>With a few hashes a second in each lane, nobody waits much longer than five seconds.</summary>
    private const int LongestLine = 16;

    private static readonly int Lanes = Math.Max(1, Environment.ProcessorCount - 1);

    private readonly PasswordHasher<Customer> _hasher;
    private readonly SemaphoreSlim _lanes = new(Lanes);
    private int _waiting;

    /// <summary>Opens the lanes.</summary>
    /// <param name="rounds">How many rounds of the hash function a new hash takes.</param>
    public Passwords(int rounds) => _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = rounds }));

    /// <summary>A hash to store.</summary>
    public Task<Result<string>> Hash(string password) => InLane(() => _hasher.HashPassword(null!, password));

    /// <summary>Compares with a stored hash.</summary>
    /// <param name="hash">The stored one; null takes as long as any other and is never right, so that time tells nobody whether an account exists.</param>
    /// <param name="password">What was typed.</param>
    public Task<Result<PasswordCheck>> Check(string? hash, string password) => InLane(() => Compare(hash, password));

    public void Dispose() => _lanes.Dispose();

    private PasswordCheck Compare(string? hash, string password)
    {
        if (hash is null)
        {
            _hasher.HashPassword(null!, password);
            return new PasswordCheck(false, null);
        }

        return _hasher.VerifyHashedPassword(null!, hash, password) switch
        {
            PasswordVerificationResult.Success => new PasswordCheck(true, null),
            PasswordVerificationResult.SuccessRehashNeeded => new PasswordCheck(true, _hasher.HashPassword(null!, password)),
            _ => new PasswordCheck(false, null),
        };
    }

    private async Task<Result<T>> InLane<T>(Func<T> work)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > LongestLine * Lanes)
            {
                return CommonErrors.Busy.With("Too many passwords are being checked.") with { RetryAfter = Limits.BusyRetryAfter };
            }

            await _lanes.WaitAsync();
            try
            {
                return work();
            }
            finally
            {
                _lanes.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
