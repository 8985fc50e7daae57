using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Souk.Platform.Hosting;
using Souk.Platform.Requests;

namespace Souk.Platform.Errors;

/// <summary>
/// The one place where a refusal becomes HTTP: an RFC 9457 problem with a stable <c>code</c>, or what the first contract says
/// where that one was called.
/// </summary>
/// <param name="error">What is refused and why.</param>
public sealed class Refusal(Error error) : IResult
{
    /// <summary>The media type of problems (RFC 9457).</summary>
    public const string ProblemJson = "application/problem+json";

    /// <summary>What is refused and why.</summary>
    public Error Error { get; } = error;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        if (Error.RetryAfter is { } wait)
        {
            httpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (Error.Kind.Status == StatusCodes.Status401Unauthorized)
        {
            httpContext.Response.Headers.WWWAuthenticate = "Bearer";
        }

        return httpContext.Contract() == Contract.V1 ? WriteV1(httpContext) : WriteProblem(httpContext);
    }

    private Task WriteProblem(HttpContext http)
    {
        http.Response.StatusCode = Error.Kind.Status;
        var problem = new Problem(
            $"urn:souk:error:{Error.Kind.Code}",
            Error.Kind.Title,
            Error.Kind.Status,
            Error.Detail,
            http.Request.Path,
            Error.Kind.Code,
            Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier,
            Error.Fields.Count == 0 ? null : [.. Error.Fields.Select(f => new ProblemField(Binding.Name(f), $"{f.Location[0]}", f.Type, f.Message))]);
        return http.Response.WriteAsJsonAsync(problem, WireJson.Plain, ProblemJson);
    }

    private Task WriteV1(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<V1Manner>()?.Write(Error) is { } special)
        {
            http.Response.StatusCode = special.Status;
            return http.Response.WriteAsJsonAsync(special.Body, WireJson.Plain);
        }

        if (Error.Fields.Count > 0)
        {
            http.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            var detail = Error.Fields.Select(f => f.Context is null ? (object)new { type = f.Type, loc = f.Location, msg = f.Message, input = f.Input } : new { type = f.Type, loc = f.Location, msg = f.Message, input = f.Input, ctx = f.Context });
            return http.Response.WriteAsJsonAsync(new { detail }, WireJson.Plain);
        }

        http.Response.StatusCode = Error.Kind.Status;
        return http.Response.WriteAsJsonAsync(new { detail = Error.Detail }, WireJson.Plain);
    }
}

/// <summary>An RFC 9457 problem, as the second contract answers it.</summary>
/// <param name="Type">A URN that names the kind of problem.</param>
/// <param name="Title">The kind of problem, in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What happened this time.</param>
/// <param name="Instance">The path that was called.</param>
/// <param name="Code">The stable code that clients may switch on.</param>
/// <param name="TraceId">What to quote when asking for help.</param>
/// <param name="Errors">The fields that are wrong, if it is about fields.</param>
public sealed record Problem(
    string Type, string Title, int Status, string Detail, string Instance, string Code, string TraceId, IReadOnlyList<ProblemField>? Errors);

/// <summary>One field that is wrong.</summary>
/// <param name="Field">Its name, as in <c>lines[0].quantity</c>.</param>
/// <param name="Location">Where it stands: <c>body</c>, <c>path</c>, <c>query</c> or <c>header</c>.</param>
/// <param name="Code">The broken rule.</param>
/// <param name="Message">What is expected.</param>
public sealed record ProblemField(string Field, string Location, string Code, string Message);

/// <summary>Endpoint metadata: how the first contract words some refusals of one operation. Null means: the usual way.</summary>
/// <param name="Write">The status and body for an error, or null.</param>
public sealed record V1Manner(Func<Error, (int Status, object Body)?> Write);

/// <summary>JSON options for what is written outside the endpoints' own answers.</summary>
public static class WireJson
{
    /// <summary>snake_case, nulls left out.</summary>
    public static readonly JsonSerializerOptions Plain = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
