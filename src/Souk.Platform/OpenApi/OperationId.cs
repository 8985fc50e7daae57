using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Souk.Platform.OpenApi;

/// <summary>The name of an operation, in the OpenAPI document and in settings: from method and path, as in <c>get_v2_products_by_id</c>.</summary>
internal static class OperationId
{
    /// <summary>The name of what answers a method at a path.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The route, its parameters in braces and without constraints.</param>
    public static string Of(string method, string path)
    {
        var plain = path.Replace("{", "by_", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
        var words = plain.Split(['/', '-', '.'], StringSplitOptions.RemoveEmptyEntries).SkipWhile(w => w == "api");
        return string.Join('_', words.Prepend(method.ToLowerInvariant()));
    }

    /// <summary>The name of an endpoint; null for what is no operation.</summary>
    public static string? Of(Endpoint endpoint) =>
        endpoint is RouteEndpoint route && endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is { HttpMethods: [var method, ..] }
            ? Of(method, string.Join('/', route.RoutePattern.PathSegments.Select(s => string.Concat(s.Parts.Select(Text)))))
            : null;

    private static string Text(RoutePatternPart part) => part switch
    {
        RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        _ => "",
    };
}
