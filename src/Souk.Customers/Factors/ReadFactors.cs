using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Platform.Hosting;
using Souk.Platform.Security;

namespace Souk.Customers.Factors;

/// <summary>What an account has besides its password.</summary>
/// <param name="Enabled">Whether it has a second factor: an authenticator app, a passkey, or both.</param>
/// <param name="AuthenticatorSince">Since when it has an authenticator app (UTC); null when it has none.</param>
/// <param name="Passkeys">Its passkeys, the oldest first.</param>
/// <param name="RecoveryCodesLeft">How many recovery codes are not used yet.</param>
internal sealed record FactorsView(bool Enabled, DateTime? AuthenticatorSince, IReadOnlyList<PasskeyView> Passkeys, int RecoveryCodesLeft)
{
    public static readonly FactorsView Example = new(true, new DateTime(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc), [PasskeyView.Example], RecoveryCode.Count);
}

/// <summary>A passkey as its owner sees it.</summary>
/// <param name="Id">By which it is removed.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="CreatedAt">When it was added (UTC).</param>
/// <param name="UsedAt">When it was last used (UTC); null when never.</param>
internal sealed record PasskeyView(Guid Id, string Name, DateTime CreatedAt, DateTime? UsedAt)
{
    public static readonly PasskeyView Example = new(
        Guid.Parse("01993e2a-0000-7000-8000-000000000008"), "My phone", new DateTime(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc), new DateTime(2026, 11, 21, 9, 30, 0, DateTimeKind.Utc));

    public static PasskeyView Of(Passkey p) => new(p.Id, p.Name, p.CreatedAt, p.UsedAt);
}

/// <summary>Tells the caller what their account has besides its password. Secrets are told once, when they are made, and never here.</summary>
internal static class ReadFactors
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapGet("/second-factor", async (Caller caller, CustomersDb db, HttpContext http) => Results.Ok(await Run(db, caller.Id, http.RequestAborted)))
        .WithTags("second factor").Allow(Access.SignedIn)
        .Describe("Read my second factor", "The authenticator app and the passkeys of the caller's own account, and how many recovery codes are left.")
        .Answers(200, FactorsView.Example);

    /// <summary>What a customer's account has.</summary>
    public static async Task<FactorsView> Run(CustomersDb db, Guid id, CancellationToken stop)
    {
        var since = await db.Authenticators.Where(a => a.CustomerId == id).Select(a => a.ConfirmedAt).SingleOrDefaultAsync(stop);
        var passkeys = await db.Passkeys.AsNoTracking().Where(p => p.CustomerId == id).OrderBy(p => p.Id).ToListAsync(stop);
        var codes = await db.RecoveryCodes.CountAsync(c => c.CustomerId == id, stop);
        return new FactorsView(since is not null || passkeys.Count > 0, since, passkeys.ConvertAll(PasskeyView.Of), codes);
    }
}
