using Microsoft.EntityFrameworkCore;
using Souk.Customers.Sessions;
using Souk.Platform.Errors;
using Souk.Platform.Persistence;

namespace Souk.Customers.Factors;

/// <summary>
/// Takes a code of an account's authenticator app, or one of its recovery codes. Each counts once, however many requests bring it at
/// the same moment, and every wrong one is counted: both by conditions in the statements that write.
/// </summary>
internal sealed class ShowCode(GroupCommit<CustomersDb> writer, GuessLimits limits, TimeProvider time)
{
    /// <summary>Takes it; the refusal, or null when it was right.</summary>
    /// <param name="customerId">Whose it must be.</param>
    /// <param name="code">What was typed.</param>
    public async Task<Error?> Run(Guid customerId, string code)
    {
        // A wrong code is no refusal inside the write, which would take back that it was counted.
        var shown = await writer.Write<Verdict>(async db => new Verdict(RecoveryCode.HashOf(customerId, code) is { } hash
            ? await TakeRecoveryCode(db, customerId, hash)
            : await TakeDigits(db, customerId, code)));
        return shown.Error ?? shown.Value.Refused;
    }

    private static async Task<Error?> TakeRecoveryCode(CustomersDb db, Guid customerId, byte[] hash) =>
        await db.RecoveryCodes.Where(c => c.CustomerId == customerId && c.Hash == hash).ExecuteDeleteAsync() == 1 ? null : Wrong();

    private async Task<Error?> TakeDigits(CustomersDb db, Guid customerId, string code)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var own = db.Authenticators.Where(a => a.CustomerId == customerId && a.ConfirmedAt != null);

        // Counted before it is looked at: this locks the row, so that of parallel guesses each sees those before it.
        var counted = await own.Where(a => a.BlockedUntil == null || a.BlockedUntil <= now).ExecuteUpdateAsync(s => s.SetProperty(a => a.Tries, a => a.Tries + 1));
        if (await own.AsNoTracking().SingleOrDefaultAsync() is not { } authenticator)
        {
            return Wrong();
        }

        return counted == 0 ? Blocked(authenticator.BlockedUntil!.Value - now)
            : authenticator.StepOf(code, now) is { } step ? await Spend(own, step)
            : await Pause(own, authenticator.Tries, now);
    }

    private static async Task<Error?> Spend(IQueryable<Authenticator> own, long step) =>
        await own.Where(a => a.LastStep < step).ExecuteUpdateAsync(s => s.SetProperty(a => a.LastStep, step).SetProperty(a => a.Tries, 0).SetProperty(a => a.BlockedUntil, (DateTime?)null)) == 1
            ? null
            : Wrong();

    private async Task<Error?> Pause(IQueryable<Authenticator> own, int wrong, DateTime now)
    {
        if (limits.AfterCodes(wrong) is var pause && pause > TimeSpan.Zero)
        {
            await own.ExecuteUpdateAsync(s => s.SetProperty(a => a.BlockedUntil, now + pause));
        }

        return Wrong();
    }

    private static Error Wrong() => FactorErrors.SecondFactorWrong.With("Send the six digits that the app shows now, or one of the recovery codes; each works once.");

    private static Error Blocked(TimeSpan wait) => FactorErrors.TooManyCodes.With("Wait before the next code, or use a recovery code or a passkey.") with { RetryAfter = wait };

    private readonly record struct Verdict(Error? Refused);
}
