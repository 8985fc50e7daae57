using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Souk.Customers.Sessions;
using Souk.Customers.Tokens;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.Factors;

/// <summary>A browser's answer with a passkey that is there.</summary>
internal sealed class PasskeyAnswer
{
    /// <summary>The longest answer that is read, in characters.</summary>
    public const int Longest = 16_000;

    public static readonly PasskeyAnswer Example = new() { ChallengeId = PasskeyOptions.Example.ChallengeId, Credential = """{"id":"…","rawId":"…","type":"public-key","response":{}}""" };

    /// <summary>The challenge that it answers.</summary>
    public required Guid ChallengeId { get; set; }

    /// <summary>The credential that the browser gave, as JSON in a text (its <c>toJSON()</c>).</summary>
    [Text(1, Longest, Secret = true)]
    public required string Credential { get; set; }
}

/// <summary>Signs in by a passkey, without a name and a password: whoever holds the device and its PIN or finger has shown two factors at once.</summary>
internal sealed class PasskeySignIn(Passkeys passkeys, OpenSession open, TokenIssuer issuer, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2)
    {
        v2.MapPost("/tokens/passkey-options", async (Passkeys use, HttpContext http) => (await use.Ask(PasskeyUse.SigningIn, null, http)).Ok())
            .WithTags("tokens").Allow(Access.Anyone)
            .Describe("Ask to sign in by passkey", "Give the options to the browser: `navigator.credentials.get({publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options))})`.")
            .Answers(200, PasskeyOptions.Example);
        v2.MapPost("/tokens/passkey", async (Body<PasskeyAnswer> body, Origin origin, PasskeySignIn use, HttpContext http) =>
            {
                http.Response.Headers.CacheControl = "no-store";
                return (await use.Run(body.Value, origin, http)).Ok();
            })
            .WithTags("tokens").Allow(Access.Anyone)
            .Describe("Sign in by passkey", "Send what the browser gave, as `JSON.stringify(credential)`. The session has shown its second factor.")
            .Takes(PasskeyAnswer.Example).Answers(200, IssuedToken.Example)
            .Refuses(FactorErrors.PasskeyRefused);
    }

    private async Task<Result<IssuedToken>> Run(PasskeyAnswer answer, Origin origin, HttpContext http)
    {
        if ((await passkeys.Check(answer.ChallengeId, PasskeyUse.SigningIn, null, answer.Credential, http)).Refused(out var refused, out var customer))
        {
            return refused;
        }

        var opened = await open.Run(customer, origin, refreshable: true, factorAt: time.GetUtcNow().UtcDateTime);
        return opened.Refused(out var error, out var s) ? error : IssuedToken.Of(await issuer.Issue(s.Customer, s.Session), s.RefreshToken!);
    }
}
