using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.Privacy;

/// <summary>Which erasure.</summary>
internal sealed class ErasurePath
{
    /// <summary>What the start of the erasure gave.</summary>
    [Text(1, 100)]
    public required string Receipt { get; set; }
}

/// <summary>An erasure and how far it has got. It tells nothing about whom.</summary>
/// <param name="Receipt">By which it can be followed.</param>
/// <param name="Done">Whether every service has erased.</param>
/// <param name="Parts">Each service.</param>
/// <param name="StartedAt">When it was started (UTC).</param>
internal sealed record ErasureView(string Receipt, bool Done, IReadOnlyList<ErasurePartView> Parts, DateTime StartedAt)
{
    public static readonly ErasureView Example = new(
        "mCdD3cXQ7p4j1wZb0mD4mB5m7o2mXkq5l8yqkq0rG3A", false, [new("customers", true), new("sales", true), new("reviews", false)], new DateTime(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc));
}

/// <summary>How far one service has got.</summary>
/// <param name="Service">Which.</param>
/// <param name="Done">Whether it has erased.</param>
internal sealed record ErasurePartView(string Service, bool Done);

/// <summary>Tells how far an erasure has got: a service has erased when it has taken the event.</summary>
internal static class ReadErasure
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapGet("/erasures/{receipt}", async (Params<ErasurePath> at, CustomersDb db, HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            return (await Find(db, at.Value.Receipt) is { } found ? (Result<ErasureView>)found : CustomersErrors.ErasureNotFound.With("There is no erasure with this receipt.")).Ok();
        })
        .WithTags("privacy").Allow(Access.Anyone)
        .Describe("Follow an erasure", "For whoever holds the receipt. It can be followed for 90 days.")
        .Answers(200, ErasureView.Example)
        .Refuses(CustomersErrors.ErasureNotFound);

    public static async Task<ErasureView?> Find(CustomersDb db, string receipt)
    {
        var digest = Erasure.DigestOf(receipt);
        if (await db.Erasures.AsNoTracking().SingleOrDefaultAsync(e => e.ReceiptDigest == digest) is not { } erasure)
        {
            return null;
        }

        var taken = await db.Deliveries.Where(d => d.LastId >= erasure.EventId).Select(d => d.Subscriber).ToListAsync();
        ErasurePartView[] parts = [new("customers", true), .. Erasure.Others.Select(o => new ErasurePartView(o, taken.Contains(o)))];
        return new ErasureView(receipt, parts.All(p => p.Done), parts, erasure.StartedAt);
    }
}
