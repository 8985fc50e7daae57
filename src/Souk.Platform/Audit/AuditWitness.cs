using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Security;

namespace Souk.Platform.Audit;

/// <summary>The head of a chain of blocks.</summary>
/// <param name="LastBlock">The number of the last block.</param>
/// <param name="Hash">The hash of the last link.</param>
internal sealed record AuditHead(long LastBlock, string Hash);

/// <summary>Tells a witness the head of the teller's chain.</summary>
/// <param name="Head">The head.</param>
/// <param name="Before">What stands now where the head stood that the witness knows, as far as the teller knows that; null when it does not.</param>
internal sealed record TellAuditHead(AuditHead Head, AuditHead? Before);

/// <summary>The head that the witness knows now.</summary>
/// <param name="Head">The head. When it is another one than was told, the teller must show what stands at that place.</param>
internal sealed record KnownAuditHead(AuditHead Head);

/// <summary>
/// Each service keeps the heads of another one's chain in its own database. Whoever changes the log of one would have to change the log of the other as well, and so on around.
/// </summary>
public static class AuditWitness
{
    /// <summary>Where heads are told.</summary>
    internal const string Path = "/internal/audit-heads";

    /// <summary>The chain does not lead on from the head that was told before.</summary>
    internal static readonly ErrorKind HeadConflict = new("audit_head_conflict", 409, "The audit log is not the one that was witnessed");

    /// <summary>The service that witnesses another one's chain: the next in the shop's list.</summary>
    public static string Of(string service, SoukSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var names = settings.Services.Keys.ToList();
        return names[(names.IndexOf(service) + 1) % names.Count];
    }

    internal static void Map<TDb>(IEndpointRouteBuilder routes)
        where TDb : ServiceDb =>
        routes.MapInternal<TellAuditHead, KnownAuditHead>(Path, (told, http) =>
        {
            var (service, time) = (http.Features.Get<CallingService>()!.Name, http.RequestServices.GetRequiredService<TimeProvider>());
            return http.RequestServices.GetRequiredService<GroupCommit<TDb>>().Write(db => Keep(db, service, told, time.GetUtcNow().UtcDateTime));
        });

    private static async Task<Result<KnownAuditHead>> Keep<TDb>(TDb db, string service, TellAuditHead told, DateTime now)
        where TDb : ServiceDb
    {
        var minute = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMinute));
        var known = await db.WitnessedHeads.Where(h => h.Service == service).OrderByDescending(h => h.Minute).FirstOrDefaultAsync();
        if (known is null)
        {
            db.Add(new WitnessedHead { Service = service, Minute = minute, LastBlock = told.Head.LastBlock, Hash = told.Head.Hash });
            return new KnownAuditHead(told.Head);
        }

        var shown = new[] { told.Head, told.Before }.FirstOrDefault(h => h?.LastBlock == known.LastBlock);
        if (shown is null)
        {
            // Another instance told a newer one, or this one has just started: it must show that the chain leads there.
            return new KnownAuditHead(new AuditHead(known.LastBlock, known.Hash));
        }

        if (shown.Hash != known.Hash)
        {
            return HeadConflict.With($"The chain of {service} was witnessed at block {known.LastBlock} with another hash than stands there now.");
        }

        Advance(db, known, told.Head, minute);
        return new KnownAuditHead(told.Head);
    }

    private static void Advance(ServiceDb db, WitnessedHead known, AuditHead head, DateTime minute)
    {
        if (minute > known.Minute)
        {
            db.Add(new WitnessedHead { Service = known.Service, Minute = minute, LastBlock = head.LastBlock, Hash = head.Hash });
        }
        else
        {
            (known.LastBlock, known.Hash) = (head.LastBlock, head.Hash);
        }
    }
}
