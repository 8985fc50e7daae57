using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Platform.Errors;

/// <summary>A page of all services' unexpected errors.</summary>
/// <param name="Items">The groups, the last one first.</param>
/// <param name="Next">What to send as <c>after</c> for the next page, or null on the last one.</param>
/// <param name="Missing">The services that did not answer.</param>
public sealed record ShopErrorPage(IReadOnlyList<ErrorGroup> Items, string? Next, IReadOnlyList<string> Missing)
{
    /// <summary>An example.</summary>
    public static ShopErrorPage Example { get; } = new([ErrorGroup.Example], null, []);
}

/// <summary>Lists the unexpected errors of all services as one. Each has few groups, so all of them are asked for and the page is cut here.</summary>
public static class ReadShopErrors
{
    /// <summary>Maps it, for callers with a permission, on the service that is to ask the others.</summary>
    public static void MapShopErrors(this IEndpointRouteBuilder routes, string permission) => routes
        .MapGet("/api/v2/errors/shop", async (Params<PageQuery> query, ServiceName self, ErrorGroups own, Peers peers, SoukSettings settings, HttpContext http) =>
            (await Run(query.Value, settings.Services.Keys, service => Ask(service, self, own, peers, http.RequestAborted))).Ok())
        .WithTags("errors").Allow(Access.Needs(permission))
        .Describe("See unexpected errors of all services", "The bugs and broken parts that the process of each service has met since it started (of several instances, the one that answers), in groups, the last one first.")
        .Answers(200, ShopErrorPage.Example);

    private static async Task<Result<ShopErrorPage>> Run(PageQuery query, IEnumerable<string> services, Func<string, Task<IReadOnlyList<ErrorGroup>?>> ask)
    {
        var answers = await Task.WhenAll(services.Select(async service => (Service: service, Groups: await ask(service))));
        return ReadErrors.PageOf(answers.SelectMany(a => a.Groups ?? []), query)
            .Map(page => new ShopErrorPage(page.Items, page.Next, [.. answers.Where(a => a.Groups is null).Select(a => a.Service)]));
    }

    /// <summary>A service's groups; null when it does not answer.</summary>
    private static async Task<IReadOnlyList<ErrorGroup>?> Ask(string service, ServiceName self, ErrorGroups own, Peers peers, CancellationToken stop) =>
        service == self.Name ? own.All : (await peers[service].Get<List<ErrorGroup>>(ReadErrors.Path, stop)).Refused(out _, out var groups) ? null : groups;
}
