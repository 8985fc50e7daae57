using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Souk.Platform.Audit;
using Souk.Platform.Hosting;
using Souk.Platform.Requests;
using Souk.Platform.Security;

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

    /// <summary>The header by which refusals of the first contract tell the trace id, as their bodies have no place for it.</summary>
    public const string TraceHeader = "Trace-Id";

    /// <summary>What is refused and why.</summary>
    public Error Error { get; } = error;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        RequestFacts.Current?.Refused = Error.Kind;
        if (Error.RetryAfter is { } wait)
        {
            httpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        return httpContext.Contract() == Contract.V1 ? WriteV1(httpContext) : WriteProblem(httpContext);
    }

    private static string Trace(HttpContext http) => Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;

    private static void Begin(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }
    }

    /// <summary>The problem that the second contract answers for an error.</summary>
    internal static Problem Problem(Error error, string path, string trace) => new(
        $"urn:souk:error:{error.Kind.Code}",
        error.Kind.Title,
        error.Kind.Status,
        error.Detail,
        path,
        error.Kind.Code,
        trace,
        error.Fields.Count == 0 ? null : [.. error.Fields.Select(f => new ProblemField(Binding.Name(f), $"{f.Location[0]}", f.Type, f.Message))])
    {
        StepUp = error.StepUp,
    };

    /// <summary>The status and body that the first contract answers for an error.</summary>
    internal static (int Status, object Body) V1(Error error, V1Manner? manner) =>
        manner?.Write(error) is { } special ? special

        // Its clients know no second factor. To them the token is just not good enough.
        : error.StepUp is not null ? (StatusCodes.Status401Unauthorized, new Detail("This account has a second factor, which this contract can't ask for. Use /api/v2 for this."))
        : error.Fields.Count == 0 ? (error.Kind.Status, new Detail(error.Detail))
        : (StatusCodes.Status422UnprocessableEntity, new V1Refusal.ValidationErrors([.. error.Fields.Select(V1Refusal.ValidationError.Of)]));

    private Task WriteProblem(HttpContext http)
    {
        Begin(http, Error.Kind.Status);
        var problem = Problem(Error, http.Request.Path, Trace(http));
        return http.Response.WriteWhole(problem, WireJson.Plain, ProblemJson);
    }

    private Task WriteV1(HttpContext http)
    {
        var (status, body) = V1(Error, http.GetEndpoint()?.Metadata.GetMetadata<V1Manner>());
        Begin(http, status);
        http.Response.Headers[TraceHeader] = Trace(http);
        return http.Response.WriteWhole(body, WireJson.Plain);
    }
}

/// <summary>The first contract's refusal that is one sentence.</summary>
/// <param name="Text">The sentence.</param>
public sealed record Detail([property: JsonPropertyName("detail")] string Text);

/// <summary>The first contract's refusal of a request whose form is wrong.</summary>
internal static class V1Refusal
{
    /// <summary>The first contract's refusal of a request whose form is wrong.</summary>
    /// <param name="Detail">What is wrong, field by field.</param>
    public sealed record ValidationErrors(IReadOnlyList<ValidationError> Detail);

    /// <summary>One field that is wrong, as Pydantic words it.</summary>
    /// <param name="Type">The broken rule.</param>
    /// <param name="Loc">Where it stands: <c>body</c>, <c>path</c>, <c>query</c> or <c>header</c>, then names and list indexes.</param>
    /// <param name="Msg">What is expected.</param>
    /// <param name="Input">What was sent; secrets are masked.</param>
    /// <param name="Ctx">The rule's bounds by name.</param>
    public sealed record ValidationError(string Type, IReadOnlyList<object> Loc, string Msg, object? Input, IReadOnlyDictionary<string, object>? Ctx)
    {
        public static ValidationError Of(FieldError f) => new(f.Type, f.Location, f.Message, f.Input, f.Context);
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
    string Type, string Title, int Status, string Detail, string Instance, string Code, string TraceId, IReadOnlyList<ProblemField>? Errors)
{
    /// <summary>How to go on, if the second factor has to be shown again.</summary>
    public StepUpOffer? StepUp { get; init; }
}

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
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
