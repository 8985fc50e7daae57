using Microsoft.Extensions.Configuration;
using Souk.Platform.Hosting;

namespace Souk.Customers.Sessions;

/// <summary>How many wrong passwords and codes are borne.</summary>
/// <param name="Passwords">So many wrong passwords are, before the first pause.</param>
/// <param name="Codes">So many wrong codes of an authenticator are.</param>
/// <param name="FirstPause">How long the first pause is; each further wrong guess doubles it.</param>
/// <param name="LongestPause">How long a pause is at most.</param>
internal sealed record GuessLimits(int Passwords, int Codes, TimeSpan FirstPause, TimeSpan LongestPause)
{
    /// <summary>After so long without a guess all is forgotten.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    /// <summary>Reads and checks the settings.</summary>
    public static GuessLimits Of(IConfiguration configuration) => new(
        SoukSettings.Number(configuration, "SignIn:WrongPasswords", 10, 1, 100),
        SoukSettings.Number(configuration, "SignIn:WrongCodes", 5, 1, 100),
        TimeSpan.FromSeconds(SoukSettings.Number(configuration, "SignIn:PauseSeconds", 60, 1, 3600)),
        TimeSpan.FromSeconds(SoukSettings.Number(configuration, "SignIn:LongestPauseSeconds", 900, 1, 86_400)));

    /// <summary>How long nobody is heard after so many wrong passwords.</summary>
    public TimeSpan AfterPasswords(int wrong) => Pause(wrong - Passwords);

    /// <summary>How long no code is looked at after so many wrong ones in a row.</summary>
    public TimeSpan AfterCodes(int wrong) => Pause(wrong - Codes);

    /// <summary>It ends by itself, so nobody can lock a customer out for good.</summary>
    private TimeSpan Pause(int beyond)
    {
        const int MostDoublings = 20;
        var pause = beyond < 0 ? TimeSpan.Zero : FirstPause * Math.Pow(2, Math.Min(beyond, MostDoublings));
        return pause < LongestPause ? pause : LongestPause;
    }
}
