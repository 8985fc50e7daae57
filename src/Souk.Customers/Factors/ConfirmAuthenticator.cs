using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Logging;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.Factors;

/// <summary>A code that shows a second factor.</summary>
internal sealed class FactorCode
{
    /// <summary>The longest code that is read, in characters: a recovery code with its dashes and some spaces.</summary>
    public const int Longest = 32;

    public static readonly FactorCode Example = new() { Code = "123456" };

    /// <summary>The six digits that the app shows now.</summary>
    [Text(1, Longest, Secret = true)]
    public required string Code { get; set; }
}

/// <summary>The codes that stand in for a lost factor. They are told once.</summary>
/// <param name="Codes">Each works once. Null when the account has codes already, which stay as they are.</param>
internal sealed record RecoveryCodes([Personal] IReadOnlyList<string>? Codes)
{
    public static readonly RecoveryCodes Example = new(["K5QX-3ZLD-YB7T-MA2F", "GJ4W-ONRV-6ECP-XU5I"]);
}

/// <summary>Makes an authenticator app count, by its first code. The first factor of an account comes with recovery codes.</summary>
internal sealed class ConfirmAuthenticator(FactorOwner owner, GroupCommit<CustomersDb> writer, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPost("/second-factor/authenticator/confirmation", async (Body<FactorCode> body, Caller caller, ConfirmAuthenticator use) =>
            (await use.Run(caller, body.Value.Code)).Ok())
        .WithTags("second factor").Allow(Access.SignedIn)
        .Describe("Confirm an authenticator app", """
            From now on signing in asks for a code, and so does what a stolen token should not be able to do. Write the recovery codes down: each
            stands in for the app once.
            """)
        .Takes(FactorCode.Example).Answers(200, RecoveryCodes.Example)
        .Refuses(ShopErrors.CustomerNotFound, FactorErrors.NoAuthenticatorWaits, FactorErrors.SecondFactorWrong, CommonErrors.StepUpRequired);

    private Task<Result<RecoveryCodes>> Run(Caller caller, string code) => writer.Write<RecoveryCodes>(async db =>
    {
        if ((await owner.WithFactor(db, caller)).Refused(out var refused, out var customer))
        {
            return refused;
        }

        var now = time.GetUtcNow().UtcDateTime;
        if (await db.Authenticators.SingleOrDefaultAsync(a => a.CustomerId == customer.Id && a.ConfirmedAt == null) is not { } waiting)
        {
            return FactorErrors.NoAuthenticatorWaits.With("Add an authenticator app first; one that is confirmed already needs nothing more.");
        }

        if (waiting.StepOf(code, now) is not { } step)
        {
            return FactorErrors.SecondFactorWrong.With("Send the six digits that the app shows now. If they stay wrong, set the device's clock, or add the app again.");
        }

        (waiting.ConfirmedAt, waiting.LastStep) = (now, step);
        return new RecoveryCodes(await db.NoteFactorAdded(customer, caller, now));
    });
}
