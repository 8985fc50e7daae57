using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;

namespace Souk.Customers.Accounts;

/// <summary>How a password compares with a stored hash.</summary>
/// <param name="Right">Whether it is the one.</param>
/// <param name="BetterHash">A hash of today's strength to store instead, when the stored one is weaker; otherwise null.</param>
internal readonly record struct PasswordCheck(bool Right, string? BetterHash);

/// <summary>
/// Hashes passwords (PBKDF2 with HMAC-SHA-512, by ASP.NET Core Identity). It is slow on purpose, so it has lanes of its own that
/// leave a processor free: a flood of logins can't take buying down with it. Whoever finds the line before the lanes full is told so at once.
/// </summary>
internal sealed partial class Passwords : IDisposable
{
    /// <summary>Rounds of a new hash, unless a setting says otherwise: what OWASP asks of PBKDF2 with SHA-256, and three times what it asks with SHA-512.</summary>
    public const int UsualRounds = 600_000;

    /// <summary>With a few hashes a second in each lane, nobody waits much longer than five seconds.</summary>
    private const int LongestLine = 16;

    private static readonly int Lanes = Math.Max(1, Environment.ProcessorCount - 1);

    private readonly int _rounds;
    private readonly PasswordHasher<Customer> _hasher;
    private readonly ConcurrencyLimiter _lanes = new(new ConcurrencyLimiterOptions { PermitLimit = Lanes, QueueLimit = (LongestLine - 1) * Lanes, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });

    private long _worked;

    /// <summary>How many rounds were worked so far. The time that an answer takes follows from them, and unlike time they can be compared.</summary>
    internal long RoundsWorked => Interlocked.Read(ref _worked);

    /// <summary>In how many lanes no password is being hashed. Unlike the time that buyers have to wait for the others it can be compared.</summary>
    internal long FreeLanes => _lanes.GetStatistics()!.CurrentAvailablePermits;

    /// <summary>Opens the lanes.</summary>
    /// <param name="rounds">How many rounds of the hash function a new hash takes.</param>
    public Passwords(int rounds) => (_rounds, _hasher) = (rounds, new(Options.Create(new PasswordHasherOptions { IterationCount = rounds })));

    /// <summary>Says at the start when the settings ask for less than what is held to be safe.</summary>
    public static Passwords Of(int rounds, ILogger<Passwords> log)
    {
        if (rounds < UsualRounds)
        {
            LogWeak(log, rounds, UsualRounds);
        }

        return new Passwords(rounds);
    }

    /// <summary>A hash to store.</summary>
    public Task<Result<string>> Hash(string password) => InLane(() => New(password));

    /// <summary>Compares with a stored hash.</summary>
    /// <param name="hash">The stored one; null takes as long as any other and is never right, so that time tells nobody whether an account exists.</param>
    /// <param name="password">What was typed.</param>
    public Task<Result<PasswordCheck>> Check(string? hash, string password) => InLane(() => Compare(hash, password));

    public void Dispose() => _lanes.Dispose();

    private PasswordCheck Compare(string? hash, string password)
    {
        if (hash is null)
        {
            Spend(password, _rounds);
            return default;
        }

        var rounds = RoundsOf(hash);
        Interlocked.Add(ref _worked, rounds);
        switch (_hasher.VerifyHashedPassword(null!, hash, password))
        {
            case PasswordVerificationResult.Success:
                return new PasswordCheck(true, null);
            case PasswordVerificationResult.SuccessRehashNeeded:
                return new PasswordCheck(true, New(password));
            default:
                // A hash of earlier days is checked sooner; the rest of the time is spent all the same.
                Spend(password, _rounds - rounds);
                return default;
        }
    }

    /// <summary>The rounds that a stored hash says it took (Identity's format 3: bytes 5 to 8); 0 where it says none.</summary>
    private static int RoundsOf(string hash)
    {
        const int At = 5;
        Span<byte> bytes = stackalloc byte[256];
        return Convert.TryFromBase64String(hash, bytes, out var length) && length > At + sizeof(int) && bytes[0] == 1 ? BinaryPrimitives.ReadInt32BigEndian(bytes[At..]) : 0;
    }

    private string New(string password)
    {
        Interlocked.Add(ref _worked, _rounds);
        return _hasher.HashPassword(null!, password);
    }

    private void Spend(string password, int rounds)
    {
        if (rounds > 0)
        {
            Interlocked.Add(ref _worked, rounds);
            Span<byte> nothing = stackalloc byte[32];
            Rfc2898DeriveBytes.Pbkdf2(password, new byte[16], nothing, rounds, HashAlgorithmName.SHA512);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Customers:PasswordRounds is {Rounds}; fewer than {Usual} are for tests only")]
    private static partial void LogWeak(ILogger log, int rounds, int usual);

    private async Task<Result<T>> InLane<T>(Func<T> work)
    {
        using var lane = await _lanes.AcquireAsync();
        return lane.IsAcquired ? work() : CommonErrors.Busy.With("Too many passwords are being checked.") with { RetryAfter = Limits.BusyRetryAfter };
    }
}
