using System.Data.Common;
using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Souk.Customers.Accounts;
using Souk.Platform.Errors;
using Souk.Platform.Persistence;
using Souk.Platform.Values;

namespace Souk.Customers.Factors;

/// <summary>What a browser needs to use a passkey.</summary>
/// <param name="ChallengeId">To be sent back with the browser's answer, within five minutes. It counts once.</param>
/// <param name="Options">JSON in a text: parsed, it is what the browser's <c>PublicKeyCredential.parse…OptionsFromJSON</c> takes.</param>
internal sealed record PasskeyOptions(Guid ChallengeId, string Options)
{
    public static readonly PasskeyOptions Example = new(
        Guid.Parse("01993e2a-0000-7000-8000-000000000007"), """{"challenge":"p1oN…","rpId":"shop.example","timeout":300000,"allowCredentials":[],"userVerification":"required"}""");
}

/// <summary>The two steps of every use of a passkey (WebAuthn): a challenge, and the check of the browser's answer. ASP.NET Core Identity does both.</summary>
internal sealed class Passkeys(PasskeyHandler<Customer> identity, GroupCommit<CustomersDb> writer, IdSource ids, TimeProvider time)
{
    /// <summary>A challenge for a new passkey.</summary>
    public async Task<Result<PasskeyOptions>> AskForNew(Customer customer, HttpContext http)
    {
        var user = new PasskeyUserEntity { Id = customer.Id.ToString(), Name = customer.Username, DisplayName = customer.Username };
        var asked = await identity.MakeCreationOptionsAsync(user, http);
        return await Keep(PasskeyUse.Adding, customer.Id, asked.AttestationState!, asked.CreationOptionsJson);
    }

    /// <summary>A challenge for a passkey that is there.</summary>
    /// <param name="use">What the answer is for.</param>
    /// <param name="customer">Whose passkey it must be; null: whoever answers signs in.</param>
    /// <param name="http">The request.</param>
    public async Task<Result<PasskeyOptions>> Ask(PasskeyUse use, Customer? customer, HttpContext http)
    {
        var asked = await identity.MakeRequestOptionsAsync(customer, http);
        return await Keep(use, customer?.Id, asked.AssertionState!, asked.RequestOptionsJson);
    }

    /// <summary>Checks a browser's answer with a new passkey.</summary>
    public async Task<Result<UserPasskeyInfo>> CheckNew(Guid challengeId, Guid customerId, string credential, HttpContext http)
    {
        if ((await Take(challengeId, PasskeyUse.Adding, customerId)).Refused(out var spent, out var state))
        {
            return spent;
        }

        var made = await identity.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = http, CredentialJson = credential, AttestationState = state });
        return made.Succeeded ? made.Passkey : WhyNot(made.Failure);
    }

    /// <summary>Checks a browser's answer with a passkey that is there; the customer whose it is.</summary>
    public async Task<Result<Customer>> Check(Guid challengeId, PasskeyUse use, Guid? customerId, string credential, HttpContext http)
    {
        if ((await Take(challengeId, use, customerId)).Refused(out var spent, out var state))
        {
            return spent;
        }

        var shown = await identity.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = http, CredentialJson = credential, AssertionState = state });
        return shown.Succeeded ? await NoteUse(shown.User, shown.Passkey) : WhyNot(shown.Failure);
    }

    /// <summary>Identity's own words; what others threw on the way is not for clients, and a database that failed is no fault of the passkey.</summary>
    private static Error WhyNot(PasskeyException failure)
    {
        if (failure.InnerException is DbException database)
        {
            ExceptionDispatchInfo.Throw(database);
        }

        return FactorErrors.NotAccepted(failure.InnerException is null ? failure.Message : "it can't be read.");
    }

    private async Task<Result<PasskeyOptions>> Keep(PasskeyUse use, Guid? customerId, string state, string options)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var challenge = new PasskeyChallenge { Id = ids.Next(), Use = use, CustomerId = customerId, State = state, ExpiresAt = now + PasskeyChallenge.Lifetime };
        return await writer.Write<PasskeyOptions>(async db =>
        {
            // Whoever asks sweeps up what nobody answered, so that the table holds five minutes' questions and no more.
            await db.PasskeyChallenges.Where(c => c.ExpiresAt <= now).ExecuteDeleteAsync();
            db.Add(challenge);
            return new PasskeyOptions(challenge.Id, options);
        });
    }

    /// <summary>Takes a challenge out, so that no second answer to it counts; what Identity wants to see again.</summary>
    private Task<Result<string>> Take(Guid id, PasskeyUse use, Guid? customerId) => writer.Write<string>(async db =>
    {
        var now = time.GetUtcNow().UtcDateTime;
        var open = db.PasskeyChallenges.Where(c => c.Id == id && c.Use == use && c.CustomerId == customerId && c.ExpiresAt > now);
        return await open.Select(c => c.State).SingleOrDefaultAsync() is { } state && await open.ExecuteDeleteAsync() == 1
            ? state
            : FactorErrors.NotAccepted("the challenge was answered before, is older than five minutes, or is for something else.");
    });

    private Task<Result<Customer>> NoteUse(Customer customer, UserPasskeyInfo shown) => writer.Write<Customer>(async db =>
    {
        var (now, count) = (time.GetUtcNow().UtcDateTime, (long)shown.SignCount);
        var noted = await db.Passkeys.Where(p => p.CustomerId == customer.Id && p.CredentialId == shown.CredentialId && (p.SignCount < count || count == 0))
            .ExecuteUpdateAsync(s => s.SetProperty(p => p.SignCount, count).SetProperty(p => p.IsBackedUp, shown.IsBackedUp).SetProperty(p => p.UsedAt, now));
        return noted == 1 ? customer : FactorErrors.NotAccepted("it was removed, or used elsewhere at the same moment.");
    });
}
