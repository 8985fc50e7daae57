using System.Buffers;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;

namespace Souk.Platform.Requests;

/// <summary>
/// A request's JSON body, read into <typeparamref name="T"/> under the rules on its properties: <c>required</c>,
/// <see cref="TextAttribute"/>, <see cref="BetweenAttribute"/>, <see cref="CountAttribute"/>. All fields that are wrong are
/// named at once.
/// </summary>
/// <typeparam name="T">A class with settable properties and no logic.</typeparam>
public sealed class Body<T> : IBound, IEndpointParameterMetadataProvider
    where T : class
{
    private static readonly RecordShape Shape = RecordShape.Of(typeof(T));
    private static readonly BareValueAttribute? Bare = typeof(T).GetCustomAttribute<BareValueAttribute>();

    private readonly T? _value;

    private Body(T? value, Error? error) => (_value, Error) = (value, error);

    /// <summary>What was sent. Only for handlers, which never see a body with an error.</summary>
    public T Value => _value ?? throw new InvalidOperationException("A body that could not be read reached its handler.");

    /// <inheritdoc/>
    public Error? Error { get; }

    /// <summary>Reads the body (called by the framework).</summary>
    public static async ValueTask<Body<T>?> BindAsync(HttpContext http, ParameterInfo parameter)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (!IsJson(http.Request))
        {
            return new(null, CommonErrors.UnsupportedMediaType.With($"Send the body as application/json, not as '{http.Request.ContentType}'."));
        }

        if (http.Contract() == Contract.V1 && http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return new(null, Binding.Invalid([new FieldError(["body"], "missing", "Field required", null)]));
        }

        try
        {
            // The second contract refuses a field that stands twice: two readers could disagree on which one counts.
            var options = new JsonDocumentOptions { MaxDepth = Limits.JsonDepth, AllowDuplicateProperties = http.Contract() == Contract.V1 };
            using var document = await Parse(http, options);
            return Read(document.RootElement, http);
        }
        catch (JsonException e)
        {
            return new(null, Malformed(e.BytePositionInLine ?? 0, $"The JSON breaks off or breaks its grammar at line {e.LineNumber + 1}, byte {e.BytePositionInLine}."));
        }
        catch (InvalidOperationException)
        {
            // JSON can escape half a surrogate pair; where no free text is expected, that can't even be compared.
            return new(null, Malformed(0, "A name or a word in the JSON has half a surrogate pair."));
        }
        catch (IOException e)
        {
            // Kestrel says what is wrong with a body by its own kind of exception, but for a chunk's size that no number holds: that comes as a plain one.
            return new(null, e is BadHttpRequestException bad ? CommonErrors.OfStatus(bad.StatusCode).With(bad.Message) : CommonErrors.BadRequest.With("The body can't be read."));
        }
    }

    /// <summary>Tells the OpenAPI document what the operation takes.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Metadata.Add(new BodyOf(typeof(T)));
    }

    /// <summary>Reads the whole body, which the server bounds, where it lies.</summary>
    private static async ValueTask<JsonDocument> Parse(HttpContext http, JsonDocumentOptions options)
    {
        var reader = http.Request.BodyReader;
        var all = await reader.ReadAsync(http.RequestAborted);
        while (!all.IsCompleted)
        {
            reader.AdvanceTo(all.Buffer.Start, all.Buffer.End);
            all = await reader.ReadAsync(http.RequestAborted);
        }

        try
        {
            // A document keeps the memory that it was parsed from, and the reader takes it back. A byte order mark is no part of it.
            var bytes = all.Buffer.ToArray();
            return JsonDocument.Parse(bytes.AsMemory(bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0), options);
        }
        finally
        {
            reader.AdvanceTo(all.Buffer.End);
        }
    }

    private static Body<T> Read(JsonElement root, HttpContext http)
    {
        var reading = Binding.Reading(http, lax: false);
        var element = Bare is { } bare && root.ValueKind is JsonValueKind.Number or JsonValueKind.String ? Wrapped(root, bare.Field) : root;
        var value = (T?)Shape.Read(element, reading, new Place(["body"]));
        return reading.Errors.Count == 0 ? new(value, null) : new(null, Binding.Invalid(reading.Errors));
    }

    private static JsonElement Wrapped(JsonElement value, string field) =>
        JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement> { [field] = value });

    private static bool IsJson(HttpRequest request) =>
        request.ContentType is null || request.HasJsonContentType();

    private static Error Malformed(long at, string detail)
    {
        var field = new FieldError(["body", (int)at], "json_invalid", "JSON decode error", new { }, new Dictionary<string, object> { ["error"] = "Expecting value" });
        return CommonErrors.MalformedJson.With(detail) with { Fields = [field] };
    }
}

/// <summary>Lets the whole body be the bare value of one field (the first contract's wallets).</summary>
/// <param name="field">The field's name on the wire.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class BareValueAttribute(string field) : Attribute
{
    /// <summary>The field's name on the wire.</summary>
    public string Field { get; } = field;
}

/// <summary>Endpoint metadata: the type of the body.</summary>
/// <param name="Type">The type.</param>
internal sealed record BodyOf(Type Type);
