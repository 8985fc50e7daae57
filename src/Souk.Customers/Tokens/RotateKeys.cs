using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.Tokens;

/// <summary>A rotation of the signing keys.</summary>
internal sealed class Rotation
{
    /// <summary>Whether the keys until now count no more from this moment on, because somebody may have them: every token that is out ends.</summary>
    public bool AtOnce { get; set; }
}

/// <summary>A signing key as the second contract shows it; its public part stands in the key set.</summary>
/// <param name="Kid">Its identifier.</param>
/// <param name="State">What it is for now.</param>
/// <param name="CreatedAt">When it was made and published (UTC).</param>
/// <param name="RetiredAt">From when on nothing that it signed is valid (UTC); null while that is open.</param>
internal sealed record SigningKeyView(string Kid, KeyState State, DateTime CreatedAt, DateTime? RetiredAt)
{
    public static readonly SigningKeyView Example = new(PublicKey.Example.Kid, KeyState.Next, new DateTime(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc), null);

    public static SigningKeyView Of(SigningKey key, KeyRing ring) => new(key.Kid, ring.StateOf(key), key.CreatedAt, key.RetiredAt);
}

/// <summary>
/// Makes the next signing key. It is published first and signs when everybody knows it; the one before is retired when the last
/// token that it signed has expired. So no request fails for it. A rotation that is under way is not started twice.
/// </summary>
internal sealed class RotateKeys(GroupCommit<CustomersDb> writer, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2)
    {
        v2.MapPost("/signing-keys", async (Body<Rotation> body, RotateKeys use) => (await use.Run(body.Value.AtOnce)).Created(_ => "/.well-known/jwks.json"))
            .WithTags("tokens").Allow(Access.Needs(Permissions.KeysRotate))
            .Describe("Make the next signing key", "It signs in 5 minutes, when everybody knows it; tokens of the keys before stay valid until they expire. A rotation under way is answered with its key. With `at_once`, for a key that somebody may have stolen, every token that is out ends within two minutes.")
            .Takes(new Rotation { AtOnce = false })
            .Answers(201, SigningKeyView.Example);
        v2.MapGet("/signing-keys", async (CustomersDb db, TimeProvider time, HttpContext http) =>
            {
                var ring = new KeyRing(await db.SigningKeys.AsNoTracking().ToListAsync(http.RequestAborted), time.GetUtcNow().UtcDateTime);
                return Results.Ok(new Page<SigningKeyView>([.. ring.Published.Select(k => SigningKeyView.Of(k, ring))], null));
            })
            .WithTags("tokens").Allow(Access.Needs(Permissions.KeysRotate))
            .Describe("List the signing keys", "Those that count now, the oldest first.")
            .Answers(200, new Page<SigningKeyView>([SigningKeyView.Example], null));
    }

    /// <summary>Makes the next key, unless one waits for its turn.</summary>
    /// <param name="atOnce">Whether all keys until now, and what they signed, count no more from this moment on.</param>
    public Task<Result<SigningKeyView>> Run(bool atOnce) => writer.Write<SigningKeyView>(async db =>
    {
        var now = time.GetUtcNow().UtcDateTime;
        var keys = await db.SigningKeys.ToListAsync();
        var before = new KeyRing(keys, now);
        if (before.Next is { } next && !atOnce)
        {
            return SigningKeyView.Of(next, before);
        }

        db.RemoveRange(keys.Except(before.Published));
        foreach (var key in before.Published)
        {
            key.RetiredAt = atOnce ? now : key.RetiredAt ?? now + KeyRing.PublishedAfter;
        }

        var made = SigningKey.Make(now);
        db.Add(made);
        return SigningKeyView.Of(made, new KeyRing([.. before.Published, made], now));
    });
}
