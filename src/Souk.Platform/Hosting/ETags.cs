using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Souk.Platform.Errors;
using Souk.Platform.Requests;

namespace Souk.Platform.Hosting;

/// <summary>The If-Match header (RFC 9110) of an edit: the version that the client read. Without it an edit is refused (428).</summary>
public sealed class IfMatch : IBound, IEndpointParameterMetadataProvider
{
    private readonly IReadOnlyCollection<string> _tags;

    private IfMatch(IReadOnlyCollection<string> tags, Error? error) => (_tags, Error) = (tags, error);

    /// <inheritdoc/>
    public Error? Error { get; }

    /// <summary>Null when the current version is one that the client read; otherwise the refusal (412).</summary>
    public Error? Check(int current) => _tags.Contains("*") || _tags.Contains(ETags.Of(current))
        ? null
        : CommonErrors.PreconditionFailed.With($"It is at {ETags.Of(current)} now. Read it again and repeat your change.");

    /// <summary>Reads the header (called by the framework).</summary>
    public static ValueTask<IfMatch?> BindAsync(HttpContext http, ParameterInfo parameter)
    {
        ArgumentNullException.ThrowIfNull(http);
        var tags = http.Request.Headers.IfMatch.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var error = tags.Length > 0 ? null : CommonErrors.PreconditionRequired.With("Send If-Match with the ETag of what you read, or * to overwrite whatever stands there.");
        return new(new IfMatch(tags, error));
    }

    /// <summary>Tells the OpenAPI document that the operation takes the header.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Metadata.Add(new TakesIfMatch());
    }
}

/// <summary>Endpoint metadata: the operation takes an If-Match header.</summary>
internal sealed record TakesIfMatch;

/// <summary>A representation that has a version.</summary>
public interface IVersioned
{
    /// <summary>Counts up with each change.</summary>
    int Version { get; }
}

/// <summary>Answers that carry an ETag.</summary>
public static class ETags
{
    /// <summary>200 with the value and its ETag.</summary>
    public static IResult OkWithETag<T>(this Result<T> result, HttpContext http)
        where T : IVersioned
    {
        ArgumentNullException.ThrowIfNull(http);
        if (result.Refused(out var error, out var value))
        {
            return new Refusal(error);
        }

        Set(http, value.Version);
        return result.Ok();
    }

    /// <summary>201 with the value, its ETag and where it stands.</summary>
    public static IResult CreatedWithETag<T>(this Result<T> result, HttpContext http, Func<T, string> location)
        where T : IVersioned
    {
        ArgumentNullException.ThrowIfNull(http);
        if (!result.Refused(out _, out var value))
        {
            Set(http, value.Version);
        }

        return result.Created(location);
    }

    internal static string Of(int version) => string.Create(CultureInfo.InvariantCulture, $"\"v{version}\"");

    private static void Set(HttpContext http, int version) => http.Response.Headers.ETag = Of(version);
}
