using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Souk.Platform.Errors;
using Souk.Platform.Events;
using Souk.Platform.Security;

namespace Souk.Platform.Hosting;

/// <summary>Maps operations between services: typed both ways, for services' tokens only, and left out of the OpenAPI document.</summary>
public static class Internal
{
    /// <summary>Maps a question that comes with a body.</summary>
    public static void MapInternal<TQuestion, TAnswer>(this IEndpointRouteBuilder routes, string path, Func<TQuestion, HttpContext, Task<Result<TAnswer>>> answer) =>
        Close(routes.MapPost(path, async http =>
        {
            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            {
                size.MaxRequestBodySize = Limits.InternalBody;
            }

            var question = await http.Request.ReadFromJsonAsync<TQuestion>(InternalJson.Options, http.RequestAborted);
            await Write(http, await answer(question!, http));
        }));

    /// <summary>Maps a question that stands in the query.</summary>
    public static void MapInternal<TAnswer>(this IEndpointRouteBuilder routes, string path, Func<HttpContext, Task<Result<TAnswer>>> answer) =>
        Close(routes.MapGet(path, async http => await Write(http, await answer(http))));

    private static void Close(IEndpointConventionBuilder endpoint) => endpoint.WithMetadata(Access.Service, new ExcludeFromDescriptionAttribute());

    private static Task Write<T>(HttpContext http, Result<T> result) =>
        result.Refused(out var error, out var value) ? new Refusal(error).ExecuteAsync(http) : http.Response.WriteWhole(value, InternalJson.Options);
}
