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
using Souk.Platform.Values;

namespace Souk.Customers.Factors;

/// <summary>A browser's answer with a new passkey.</summary>
internal sealed class NewPasskey
{
    public static readonly NewPasskey Example = new() { ChallengeId = PasskeyOptions.Example.ChallengeId, Credential = PasskeyAnswer.Example.Credential, Name = "My phone" };

    /// <summary>The challenge that it answers.</summary>
    public required Guid ChallengeId { get; set; }

    /// <summary>The credential that the browser made, as JSON in a text (its <c>toJSON()</c>).</summary>
    [Text(1, PasskeyAnswer.Longest, Secret = true)]
    public required string Credential { get; set; }

    /// <summary>What its owner calls it.</summary>
    [Text(1, 60)]
    public required string Name { get; set; }
}

/// <summary>A passkey that was added.</summary>
/// <param name="Passkey">It.</param>
/// <param name="RecoveryCodes">With the first factor: codes that stand in for it, each once. They are told once. Otherwise null.</param>
internal sealed record AddedPasskey(PasskeyView Passkey, [Personal] IReadOnlyList<string>? RecoveryCodes)
{
    public static readonly AddedPasskey Example = new(PasskeyView.Example with { UsedAt = null }, Factors.RecoveryCodes.Example.Codes);
}

/// <summary>Adds a passkey, in two steps: a challenge, and the browser's answer.</summary>
internal sealed class AddPasskey(FactorOwner owner, Passkeys passkeys, GroupCommit<CustomersDb> writer, IdSource ids, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2)
    {
        v2.MapPost("/second-factor/passkeys/options", async (Body<FactorProof> body, Caller caller, Origin origin, AddPasskey use, HttpContext http) =>
                (await use.Ask(caller, origin, body.Value.CurrentPassword, http)).Ok())
            .WithTags("second factor").Allow(Access.SignedIn)
            .Describe("Ask for a new passkey", "Give the options to the browser: `navigator.credentials.create({publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(options))})`.")
            .Takes(FactorProof.Example).Answers(200, PasskeyOptions.Example)
            .Refuses(ShopErrors.CustomerNotFound, CustomersErrors.CurrentPasswordWrong, CustomersErrors.TooManyGuesses, CommonErrors.StepUpRequired);
        v2.MapPost("/second-factor/passkeys", async (Body<NewPasskey> body, Caller caller, AddPasskey use, HttpContext http) =>
                (await use.Run(caller, body.Value, http)).Created(_ => "/api/v2/second-factor"))
            .WithTags("second factor").Allow(Access.SignedIn)
            .Describe("Add a passkey", "Send what the browser made, as `JSON.stringify(credential)`. From now on signing in asks for a factor.")
            .Takes(NewPasskey.Example).Answers(201, AddedPasskey.Example)
            .Refuses(ShopErrors.CustomerNotFound, FactorErrors.PasskeyRefused, FactorErrors.TooManyPasskeys, CommonErrors.StepUpRequired);
    }

    private async Task<Result<PasskeyOptions>> Ask(Caller caller, Origin origin, string? password, HttpContext http) =>
        (await owner.WithPassword(caller, origin, password)).Refused(out var refused, out var customer) ? refused : await passkeys.AskForNew(customer, http);

    private async Task<Result<AddedPasskey>> Run(Caller caller, NewPasskey wanted, HttpContext http)
    {
        if ((await passkeys.CheckNew(wanted.ChallengeId, caller.Id, wanted.Credential, http)).Refused(out var refused, out var info))
        {
            return refused;
        }

        var made = Passkey.Of(ids.Next(), caller.Id, wanted.Name, info, Moments.Of(time));
        return await writer.Write<AddedPasskey>(async db =>
        {
            if ((await owner.WithFactor(db, caller)).Refused(out var notNow, out var customer))
            {
                return notNow;
            }

            if (await db.Passkeys.CountAsync(p => p.CustomerId == caller.Id) >= Passkey.Most)
            {
                return FactorErrors.TooManyPasskeys.With($"An account takes {Passkey.Most} passkeys; remove one first.");
            }

            db.Add(made);
            return new AddedPasskey(PasskeyView.Of(made), await db.NoteFactorAdded(customer, caller, time.GetUtcNow().UtcDateTime));
        });
    }
}
