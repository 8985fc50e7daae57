using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Platform.Hosting;
using Souk.Platform.Security;

namespace Souk.Customers.Tokens;

/// <summary>The keys with which tokens are checked (RFC 7517).</summary>
/// <param name="Keys">All that count now.</param>
internal sealed record KeySet(IReadOnlyList<PublicKey> Keys);

/// <summary>Publishes the public parts of the signing keys, so that anyone can check a token and nobody else can make one.</summary>
internal static class PublishKeys
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/.well-known/jwks.json", async (CustomersDb db, HttpContext http) => Results.Ok(await Run(db, http.RequestAborted)))
        .WithTags("tokens").Allow(Access.Anyone)
        .Describe("Read the signing keys", "A JSON Web Key Set with the public keys of all tokens that are valid now.")
        .Answers(200, new KeySet([PublicKey.Example]));

    private static async Task<KeySet> Run(CustomersDb db, CancellationToken stop)
    {
        var keys = await db.SigningKeys.AsNoTracking().Where(k => k.RetiredAt == null).OrderBy(k => k.CreatedAt).ToListAsync(stop);
        return new KeySet(keys.ConvertAll(k => k.Public()));
    }
}
