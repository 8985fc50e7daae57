using Souk.Platform.Errors;

namespace Souk.Customers.Factors;

/// <summary>The refusals that are about second factors.</summary>
internal static class FactorErrors
{
    public static readonly ErrorKind SecondFactorRequired = new("second_factor_required", 401, "This account has a second factor, which must be shown too");
    public static readonly ErrorKind SecondFactorWrong = new("second_factor_wrong", 403, "The code is wrong, too old, or was used before");
    public static readonly ErrorKind TooManyCodes = new("too_many_codes", 429, "Too many codes in a row were wrong");
    public static readonly ErrorKind NoSecondFactor = new("no_second_factor", 409, "This account has no second factor");
    public static readonly ErrorKind AuthenticatorExists = new("authenticator_exists", 409, "This account has an authenticator app already");
    public static readonly ErrorKind NoAuthenticatorWaits = new("no_authenticator_waits", 409, "No authenticator app waits to be confirmed");
    public static readonly ErrorKind PasskeyRefused = new("passkey_refused", 400, "The passkey was not accepted");
    public static readonly ErrorKind PasskeyNotFound = new("passkey_not_found", 404, "There is no such passkey");
    public static readonly ErrorKind TooManyPasskeys = new("too_many_passkeys", 409, "An account takes no more passkeys");

    /// <summary>The refusal of a browser's answer to a challenge.</summary>
    public static Error NotAccepted(string why) => PasskeyRefused.With($"The passkey was not accepted: {why}");
}
