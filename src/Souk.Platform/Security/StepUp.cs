using Microsoft.Extensions.Configuration;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Values;

namespace Souk.Platform.Security;

/// <summary>What a client needs to show a second factor again: the member <c>step_up</c> of a problem.</summary>
/// <param name="Method">How to send the code.</param>
/// <param name="Url">Where to send it.</param>
/// <param name="Body">What to send, with the code of an app or a recovery code in the place of the digits. The answer has a new <c>access_token</c>.</param>
/// <param name="PasskeyOptionsUrl">Where to ask for a challenge instead, to show a passkey; its answer goes to <c>PasskeyUrl</c>.</param>
/// <param name="PasskeyUrl">Where to send the browser's answer to the challenge.</param>
/// <param name="ValidForSeconds">How long a factor counts once it was shown.</param>
public sealed record StepUpOffer(string Method, Uri Url, StepUpBody Body, Uri PasskeyOptionsUrl, Uri PasskeyUrl, int ValidForSeconds);

/// <summary>What to send to show a second factor.</summary>
/// <param name="Code">The code.</param>
public sealed record StepUpBody(string Code);

/// <summary>When a second factor is asked for again, and where.</summary>
/// <param name="Url">Where clients find the operations that take it.</param>
/// <param name="Above">The amount above which money moves only with it.</param>
public sealed record StepUpRules(Uri Url, Money Above)
{
    /// <summary>Reads the settings.</summary>
    /// <exception cref="SettingException">One can't be used.</exception>
    public static StepUpRules Read(IConfiguration configuration, SoukSettings settings)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(settings);
        var given = configuration["Souk:PublicUrl"];
        var url = given is null ? settings.Services["customers"]
            : Uri.TryCreate(given, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri
            : throw new SettingException($"Souk:PublicUrl is '{given}'; it is an address such as https://shop.example.");
        return new StepUpRules(url, Money.OfMajor(SoukSettings.Number(configuration, "Souk:StepUpAbove", 500, 0, 1_000_000_000)));
    }

    /// <summary>What a client needs to show a second factor.</summary>
    public StepUpOffer Offer() => new(
        "POST", new Uri(Url, "/api/v2/step-up"), new StepUpBody("123456"), new Uri(Url, "/api/v2/step-up/passkey-options"), new Uri(Url, "/api/v2/step-up/passkey"), (int)StepUp.Lasts.TotalSeconds);
}

/// <summary>
/// Asks whoever has a second factor to show it again before what a stolen token must not be able to do. It goes by what the access token
/// says, so it costs a comparison; a service that keeps the accounts adds what it knows better.
/// </summary>
public sealed class StepUp(StepUpRules rules, TimeProvider time)
{
    /// <summary>How long a factor counts once it was shown.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(5);

    /// <summary>The amount above which money moves only with it.</summary>
    public Money Above => rules.Above;

    /// <summary>Whether the caller has a second factor and has not shown it just now.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="hasFactor">True where the account is known to have one, whatever the token says: it may be older than the factor.</param>
    public bool IsDue(Caller caller, bool hasFactor = false)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return (caller.HasFactor || hasFactor) && !(caller.FactorAt is { } shown && time.GetUtcNow() < shown + Lasts);
    }

    /// <summary>The refusal of a caller who has a second factor and has not shown it just now; otherwise null.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="hasFactor">True where the account is known to have one, whatever the token says: it may be older than the factor.</param>
    public Error? Check(Caller caller, bool hasFactor = false) => IsDue(caller, hasFactor) ? Required(rules.Offer()) : null;

    /// <summary>The same for moving an amount of money: small ones are free.</summary>
    public Error? Check(Caller caller, Money amount) => amount > rules.Above ? Check(caller) : null;

    /// <summary>The refusal.</summary>
    internal static Error Required(StepUpOffer offer) => CommonErrors.StepUpRequired.With(
        $"Send a code of your second factor to {offer.Url}, then this request again with the access token that comes back. It counts for {Lasts.TotalMinutes} minutes.") with { StepUp = offer };
}
