using Microsoft.Extensions.Configuration;
using Souk.Platform.Hosting;

namespace Souk.Customers.Sessions;

/// <summary>How many wrong passwords are borne.</summary>
/// <param name="Free">So many are, before the first pause.</param>
/// <param name="FirstPause">How long the first pause is; each further wrong guess doubles it.</param>
/// <param name="LongestPause">How long a pause is at most.</param>
internal sealed record GuessLimits(int Free, TimeSpan FirstPause, TimeSpan LongestPause)
{
    /// <summary>After so long without a guess all is forgotten.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    /// <summary>Reads and checks the settings.</summary>
    public static GuessLimits Of(IConfiguration configuration) => new(
        SoukSettings.Number(configuration, "SignIn:WrongPasswords", 10, 1, 100),
        TimeSpan.FromSeconds(SoukSettings.Number(configuration, "SignIn:PauseSeconds", 60, 1, 3600)),
        TimeSpan.FromSeconds(SoukSettings.Number(configuration, "SignIn:LongestPauseSeconds", 900, 1, 86_400)));

    /// <summary>How long nobody is heard after so many wrong guesses.</summary>
    public TimeSpan PauseAfter(int count)
    {
        const int MostDoublings = 20;
        var pause = count < Free ? TimeSpan.Zero : FirstPause * Math.Pow(2, Math.Min(count - Free, MostDoublings));
        return pause < LongestPause ? pause : LongestPause;
    }
}
