using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;

namespace Souk.Platform.Requests;

/// <summary>
/// A request's path and query parameters, read into <typeparamref name="T"/> under the rules on its properties. A property whose
/// name stands in the route's pattern comes from the path, any other from the query.
/// </summary>
/// <typeparam name="T">A class with settable properties and no logic.</typeparam>
public sealed class Params<T> : IBound, IEndpointParameterMetadataProvider
    where T : class
{
    private readonly T? _value;

    private Params(T? value, Error? error) => (_value, Error) = (value, error);

    /// <summary>What was sent. Only for handlers, which never see parameters with an error.</summary>
    public T Value => _value ?? throw new InvalidOperationException("Parameters that could not be read reached their handler.");

    /// <inheritdoc/>
    public Error? Error { get; }

    /// <summary>Reads the parameters (called by the framework).</summary>
    public static ValueTask<Params<T>?> BindAsync(HttpContext http, ParameterInfo parameter)
    {
        ArgumentNullException.ThrowIfNull(http);
        var shape = RecordShape.Of(typeof(T));
        var reading = Binding.Reading(http, lax: true);
        var value = Activator.CreateInstance<T>();
        foreach (var field in shape.Fields)
        {
            Read(field, value, reading, http);
        }

        if (http.Contract() == Contract.V2)
        {
            RefuseUnknown(shape, reading, http.Request.Query);
        }

        return ValueTask.FromResult<Params<T>?>(reading.Errors.Count == 0 ? new(value, null) : new(null, Binding.Invalid(reading.Errors)));
    }

    /// <summary>Tells the OpenAPI document what the operation takes.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Metadata.Add(new ParamsOf(typeof(T)));
    }

    private static void Read(Field field, T value, Reading reading, HttpContext http)
    {
        var inPath = http.Request.RouteValues.TryGetValue(field.Name, out var given);

        // Kestrel decodes a path but for %2F, which would look like a separator to routing.
        var text = inPath ? given?.ToString()?.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase) : http.Request.Query.TryGetValue(field.Name, out var values) ? values[^1] : null;
        var place = new Place([inPath ? "path" : "query", field.Name]);
        if (text is not null)
        {
            if (field.Shape.Read(Binding.Text(text), reading, place) is { } read)
            {
                field.Property.SetValue(value, read);
            }
        }
        else if (field.Required)
        {
            reading.Wrong(place, "missing", "Field required", null);
        }
    }

    private static void RefuseUnknown(RecordShape shape, Reading reading, IQueryCollection query)
    {
        foreach (var (name, values) in query.Where(q => shape.Fields.All(f => f.Name != q.Key)))
        {
            reading.Wrong(new Place(["query", name]), "extra_forbidden", "Extra inputs are not permitted", Binding.Text(values.ToString()));
        }
    }
}

/// <summary>Endpoint metadata: the type of the path and query parameters.</summary>
/// <param name="Type">The type.</param>
internal sealed record ParamsOf(Type Type);
