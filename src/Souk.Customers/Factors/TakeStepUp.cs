using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Customers.Accounts;
using Souk.Customers.Sessions;
using Souk.Customers.Tokens;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Logging;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.Factors;

/// <summary>An access token of a session whose customer has just shown a second factor.</summary>
/// <param name="AccessToken">What to send in the Authorization header from now on.</param>
/// <param name="TokenType">Bearer.</param>
/// <param name="ExpiresIn">How long the token is valid, in seconds.</param>
/// <param name="StepUpExpiresIn">How long the factor counts as just shown, in seconds.</param>
internal sealed record SteppedUp([Personal] string AccessToken, string TokenType, int ExpiresIn, int StepUpExpiresIn)
{
    public static readonly SteppedUp Example = Of("eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.…");

    public static SteppedUp Of(string token) => new(token, "Bearer", (int)TokenNames.Lifetime.TotalSeconds, (int)StepUp.Lasts.TotalSeconds);
}

/// <summary>
/// Takes a second factor in the middle of a session, and trades the access token for one that says so. The session remembers it, so tokens that are
/// refreshed later say it too.
/// </summary>
internal sealed class TakeStepUp(FactorOwner owner, ShowCode codes, Passkeys passkeys, TokenIssuer issuer, GroupCommit<CustomersDb> writer, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2)
    {
        v2.MapPost("/step-up", async (Body<FactorCode> body, Caller caller, TakeStepUp use) => (await use.ByCode(caller, body.Value.Code)).Ok())
            .WithTags("second factor").Allow(Access.SignedIn)
            .Describe("Show my second factor", "After `step_up_required`: send a code of the app or a recovery code, then the refused request again with the token that comes back.")
            .Takes(FactorCode.Example).Answers(200, SteppedUp.Example)
            .Refuses(ShopErrors.CustomerNotFound, FactorErrors.NoSecondFactor, FactorErrors.SecondFactorWrong, FactorErrors.TooManyCodes);
        v2.MapPost("/step-up/passkey-options", async (Caller caller, TakeStepUp use, HttpContext http) => (await use.Ask(caller, http)).Ok())
            .WithTags("second factor").Allow(Access.SignedIn)
            .Describe("Ask to show my passkey", "Give the options to the browser: `navigator.credentials.get({publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options))})`.")
            .Answers(200, PasskeyOptions.Example).Refuses(ShopErrors.CustomerNotFound, FactorErrors.NoSecondFactor);
        v2.MapPost("/step-up/passkey", async (Body<PasskeyAnswer> body, Caller caller, TakeStepUp use, HttpContext http) => (await use.ByPasskey(caller, body.Value, http)).Ok())
            .WithTags("second factor").Allow(Access.SignedIn)
            .Describe("Show my passkey", "Like showing a code, by what the browser gave, as `JSON.stringify(credential)`.")
            .Takes(PasskeyAnswer.Example).Answers(200, SteppedUp.Example)
            .Refuses(ShopErrors.CustomerNotFound, FactorErrors.PasskeyRefused);
    }

    private async Task<Result<SteppedUp>> ByCode(Caller caller, string code)
    {
        if ((await WithFactor(caller)).Refused(out var none, out var customer))
        {
            return none;
        }

        return await codes.Run(customer.Id, code) is { } wrong ? wrong : await Note(caller);
    }

    private async Task<Result<PasskeyOptions>> Ask(Caller caller, HttpContext http) =>
        (await WithFactor(caller)).Refused(out var none, out var customer) ? none : await passkeys.Ask(PasskeyUse.SteppingUp, customer, http);

    private async Task<Result<SteppedUp>> ByPasskey(Caller caller, PasskeyAnswer answer, HttpContext http) =>
        (await passkeys.Check(answer.ChallengeId, PasskeyUse.SteppingUp, caller.Id, answer.Credential, http)).Error is { } refused ? refused : await Note(caller);

    private async Task<Result<Customer>> WithFactor(Caller caller) =>
        (await owner.Find(caller)).Refused(out var missing, out var customer) ? missing
            : customer.SecondFactor ? customer
            : FactorErrors.NoSecondFactor.With("There is nothing to show: this account has no second factor.");

    private async Task<Result<SteppedUp>> Note(Caller caller) => (await Shown(caller)).Refused(out var ended, out var shown)
        ? ended
        : SteppedUp.Of(await issuer.Issue(shown.Customer, shown.Session));

    private Task<Result<(Customer Customer, Session Session)>> Shown(Caller caller) => writer.Write<(Customer, Session)>(async db =>
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (await db.Sessions.SingleOrDefaultAsync(s => s.Id == caller.SessionId && s.CustomerId == caller.Id && s.EndsAt > now) is not { } session)
        {
            return CommonErrors.Unauthenticated.With("This session was ended; sign in again.");
        }

        session.FactorAt = now;
        return (await db.Customers.SingleAsync(c => c.Id == caller.Id), session);
    });
}
