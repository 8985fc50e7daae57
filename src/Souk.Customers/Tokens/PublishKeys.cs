using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Platform.Hosting;
using Souk.Platform.Security;
using Souk.Platform.Traffic;

namespace Souk.Customers.Tokens;

/// <summary>The keys with which tokens are checked (RFC 7517).</summary>
/// <param name="Keys">All that count now.</param>
internal sealed record KeySet(IReadOnlyList<PublicKey> Keys);

/// <summary>Publishes the public parts of the signing keys, so that anyone can check a token and nobody else can make one.</summary>
internal static class PublishKeys
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/.well-known/jwks.json", async (CustomersDb db, TimeProvider time, HttpContext http) =>
        {
            // Kept no longer than the other services keep it: a key is published for minutes before it signs.
            http.Response.Headers.CacheControl = "public, max-age=60";
            return Results.Ok(await Run(db, time.GetUtcNow().UtcDateTime, http.RequestAborted));
        })
        .WithTags("tokens").Allow(Access.Anyone).CountsAs(RateClass.Free)
        .Describe("Read the signing keys", "A JSON Web Key Set with the public keys of all tokens that are valid now.")
        .Answers(200, new KeySet([PublicKey.Example]));

    private static async Task<KeySet> Run(CustomersDb db, DateTime now, CancellationToken stop) =>
        new([.. new KeyRing(await db.SigningKeys.AsNoTracking().ToListAsync(stop), now).Published.Select(k => k.Public())]);
}
