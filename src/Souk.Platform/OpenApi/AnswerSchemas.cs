using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.OpenApi;
using Souk.Platform.Values;

namespace Souk.Platform.OpenApi;

/// <summary>The schemas of what operations answer, by example: the properties that the serializer writes, under its names.</summary>
/// <param name="schemas">The named schemas.</param>
/// <param name="json">How the answer is written.</param>
internal sealed class AnswerSchemas(Schemas schemas, JsonSerializerOptions json)
{
    /// <summary>The content of an answer that can have these bodies; each has a name where there are several.</summary>
    public OpenApiMediaType Content(IReadOnlyList<(string Name, string Summary, object Body)> bodies)
    {
        var kinds = bodies.DistinctBy(b => Schemas.NameOf(b.Body.GetType())).Select(b => Of(b.Body.GetType(), b.Body)).ToList();
        return new OpenApiMediaType
        {
            Schema = kinds.Count == 1 ? kinds[0] : new OpenApiSchema { AnyOf = kinds },
            Examples = bodies.ToDictionary(b => b.Name, IOpenApiExample (b) => new OpenApiExample { Summary = b.Summary, Value = Written(b.Body) }),
        };
    }

    /// <summary>The content of an answer with this one body.</summary>
    public OpenApiMediaType Content(object body) => new() { Schema = Of(body.GetType(), body), Example = Written(body) };

    private JsonNode? Written(object body) => JsonSerializer.SerializeToNode(body, json);

    private IOpenApiSchema Of(Type declared, object? sample)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (schemas.OfValue(type) is { } value)
        {
            return value;
        }

        json.MakeReadOnly(populateMissingResolver: true);
        var info = json.GetTypeInfo(type);
        return info.Kind switch
        {
            JsonTypeInfoKind.Enumerable => new OpenApiSchema { Type = JsonSchemaType.Array, Items = Of(info.ElementType!, First(sample)) },
            JsonTypeInfoKind.Dictionary => new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = Of(info.ElementType!, First((sample as IDictionary)?.Values)) },
            JsonTypeInfoKind.Object when type == typeof(object) => new OpenApiSchema(),
            JsonTypeInfoKind.Object when IsAnonymous(type) => Inline(info, sample),
            JsonTypeInfoKind.Object => schemas.Named(Schemas.NameOf(type), type, schema => Fill(schema, info, sample)),
            _ => new OpenApiSchema(),
        };
    }

    private OpenApiSchema Inline(JsonTypeInfo info, object? sample)
    {
        var schema = Schemas.Of(JsonSchemaType.Object);
        Fill(schema, info, sample);
        return schema;
    }

    private void Fill(OpenApiSchema schema, JsonTypeInfo info, object? sample)
    {
        var written = info.Properties.Where(p => p.Get is not null).ToArray();
        schema.Properties = written.ToDictionary(p => p.Name, p => OfProperty(p, sample is null ? null : p.Get!(sample)));
        schema.Required = written.Where(p => !LeftOut(p)).Select(p => p.Name).ToHashSet();
    }

    private IOpenApiSchema OfProperty(JsonPropertyInfo property, object? sample)
    {
        var asNumber = property.AttributeProvider?.IsDefined(typeof(JsonConverterAttribute), false) == true
            && ((MemberInfo)property.AttributeProvider).GetCustomAttribute<JsonConverterAttribute>()!.ConverterType == typeof(V1MoneyJson);
        var type = property.PropertyType == typeof(object) && IsAnonymous(property.DeclaringType) && sample is not null ? sample.GetType() : property.PropertyType;
        var schema = asNumber ? Schemas.Of(JsonSchemaType.Number) : Of(type, sample);
        schema = CanBeNull(property) && !LeftOut(property) ? Schemas.OrNull(schema) : schema;
        schema.Description = property.AttributeProvider is PropertyInfo own ? XmlComments.Of(own) : null;
        return schema;
    }

    private bool LeftOut(JsonPropertyInfo property)
    {
        var own = (property.AttributeProvider as MemberInfo)?.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition;
        return (own ?? json.DefaultIgnoreCondition) == JsonIgnoreCondition.WhenWritingNull && CanBeNull(property);
    }

    /// <summary>An anonymous type says nothing about null; its values are taken to be there.</summary>
    private static bool CanBeNull(JsonPropertyInfo property) =>
        Nullable.GetUnderlyingType(property.PropertyType) is not null
        || (!property.PropertyType.IsValueType && property.IsGetNullable && !IsAnonymous(property.DeclaringType));

    private static bool IsAnonymous(Type type) => type.IsDefined(typeof(CompilerGeneratedAttribute)) && type.Name.Contains("AnonymousType", StringComparison.Ordinal);

    private static object? First(object? list) => (list as IEnumerable)?.Cast<object?>().FirstOrDefault();
}
