using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Platform.Errors;

/// <summary>Lists the unexpected errors of a service.</summary>
public static class ReadErrors
{
    /// <summary>Maps it, for callers with a permission.</summary>
    public static void MapErrors(this IEndpointRouteBuilder routes, string permission) => routes
        .MapGet("/api/v2/errors", (Params<PageQuery> query, ErrorGroups groups) => Run(groups.All, query.Value).Ok())
        .WithTags("errors").Allow(Access.Needs(permission))
        .Describe("See unexpected errors", "The bugs and broken parts that this process has met since it started, in groups, the last one first. `sample_trace` leads to the stack in the log.")
        .Answers(200, new Page<ErrorGroup>([ErrorGroup.Example], null));

    private static Result<Page<ErrorGroup>> Run(IReadOnlyList<ErrorGroup> all, PageQuery query)
    {
        if (Paging.Read<Key>(query.After).Refused(out var wrong, out var after))
        {
            return wrong;
        }

        var rest = all.Where(g => after is null || g.LastSeen < after.LastSeen || (g.LastSeen == after.LastSeen && string.CompareOrdinal(g.Fingerprint, after.Fingerprint) > 0));
        return Paging.Of([.. rest.Take(query.Limit + 1)], query.Limit, g => g, g => new Key(g.LastSeen, g.Fingerprint));
    }

    private sealed record Key(DateTime LastSeen, string Fingerprint);
}
