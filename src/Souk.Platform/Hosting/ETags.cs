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
    private readonly int _version;
    private readonly bool _any;

    private IfMatch(int version, bool any, Error? error) => (_version, _any, Error) = (version, any, error);

    /// <inheritdoc/>
    public Error? Error { get; }

    /// <summary>Null when the current version is the one that the client read; otherwise the refusal (412).</summary>
    public Error? Check(int current) => _any || _version == current
        ? null
        : CommonErrors.PreconditionFailed.With($"You read version {_version}; it is at version {current} now. Read it again and repeat your change.");

    /// <summary>Reads the header (called by the framework).</summary>
    public static ValueTask<IfMatch?> BindAsync(HttpContext http, ParameterInfo parameter)
    {
        ArgumentNullException.ThrowIfNull(http);
        var header = http.Request.Headers.IfMatch.ToString().Trim();
        return new(header switch
        {
            "" => new IfMatch(0, false, CommonErrors.PreconditionRequired.With("Send If-Match with the ETag of what you read, or * to overwrite whatever stands there.")),
            "*" => new IfMatch(0, true, null),
            _ when header.Length > 3 && header.StartsWith("\"v", StringComparison.Ordinal) && header[^1] == '"'
                && int.TryParse(header[2..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var version) => new IfMatch(version, false, null),

            // An ETag that this service never gave matches nothing.
            _ => new IfMatch(-1, false, null),
        });
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
        return Results.Ok(value);
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

    private static void Set(HttpContext http, int version) => http.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"v{version}\"");
}
