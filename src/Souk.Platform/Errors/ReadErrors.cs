using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Platform.Errors;

/// <summary>Lists the unexpected errors of a service.</summary>
public static class ReadErrors
{
    /// <summary>Where another service asks for them.</summary>
    public const string Path = "/internal/errors";

    /// <summary>Maps it, for callers with a permission.</summary>
    public static void MapErrors(this IEndpointRouteBuilder routes, string permission)
    {
        routes.MapGet("/api/v2/errors", (Params<PageQuery> query, ErrorGroups groups) => PageOf(groups.All, query.Value).Ok())
            .WithTags("errors").Allow(Access.Needs(permission))
            .Describe("See unexpected errors", "The bugs and broken parts that this process has met since it started, in groups, the last one first. `sample_trace` leads to the stack in the log.")
            .Answers(200, new Page<ErrorGroup>([ErrorGroup.Example], null));
        routes.MapInternal(Path, http => Task.FromResult<Result<List<ErrorGroup>>>(http.RequestServices.GetRequiredService<ErrorGroups>().All.ToList()));
    }

    /// <summary>A page of error groups, the last one first.</summary>
    public static Result<Page<ErrorGroup>> PageOf(IEnumerable<ErrorGroup> all, PageQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (Paging.Read<Key>(query.After).Refused(out var wrong, out var after))
        {
            return wrong;
        }

        var rest = all.OrderByDescending(g => g.LastSeen).ThenBy(Id, StringComparer.Ordinal)
            .Where(g => after is null || g.LastSeen < after.LastSeen || (g.LastSeen == after.LastSeen && string.CompareOrdinal(Id(g), after.Id) > 0));
        return Paging.Of([.. rest.Take(query.Limit + 1)], query.Limit, g => g, g => new Key(g.LastSeen, Id(g)));
    }

    private static string Id(ErrorGroup group) => $"{group.Fingerprint} {group.Service}";

    private sealed record Key(DateTime LastSeen, string Id);
}
