using System.Globalization;
using Souk.Platform.Logging;

namespace Souk.Customers.Resets;

/// <summary>What a customer who forgot the password is to be told.</summary>
/// <param name="CustomerId">Who.</param>
/// <param name="Username">Their handle.</param>
/// <param name="Token">What <c>POST /api/v2/password-resets/completion</c> takes, once.</param>
/// <param name="EndsAt">From when on the token is worth nothing (UTC).</param>
public sealed record ResetLetter(Guid CustomerId, string Username, [Personal] string Token, DateTime EndsAt);

/// <summary>Brings a letter to its customer: by mail, by message. Register another one with the service's parts to replace the built-in one.</summary>
/// <param name="letter">The letter.</param>
/// <param name="stop">Cancels it.</param>
public delegate Task SendResetLetter(ResetLetter letter, CancellationToken stop);

/// <summary>
/// The built-in way: the shop has no address to write to, so the letter goes to the standard error of this process, for the person
/// who runs the shop. It is not logged: what is logged may be shipped to other machines, and this may not.
/// </summary>
internal static class LocalLetterbox
{
    public static Task Send(ResetLetter letter, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(letter);
        return Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"Password reset for '{letter.Username}', token {letter.Token}, until {letter.EndsAt:u}. No sender of letters is set up, so this stands here and nowhere else: hand it to the customer yourself.").AsMemory(), stop);
    }
}
