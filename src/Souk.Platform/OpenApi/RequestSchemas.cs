using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.OpenApi;
using Souk.Platform.Requests;
using Souk.Platform.Values;

namespace Souk.Platform.OpenApi;

/// <summary>The schemas of what operations take: the same fields and rules that the reader enforces.</summary>
/// <param name="schemas">The named schemas.</param>
/// <param name="wire">How the service writes JSON.</param>
/// <param name="strict">Whether unknown fields are refused.</param>
internal sealed class RequestSchemas(Schemas schemas, JsonSerializerOptions wire, bool strict)
{
    private readonly JsonSerializerOptions _json = new(wire)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { WriteNumberMoney } },
    };

    /// <summary>An example of a body as a client writes it: absent fields are left out, numbers stand where numbers are read.</summary>
    public JsonNode? Example(object? example) => JsonSerializer.SerializeToNode(example, _json);

    public IOpenApiSchema OfBody(Type type)
    {
        var whole = OfRecord(type);
        return type.GetCustomAttribute<BareValueAttribute>() is { } bare
            ? new OpenApiSchema { AnyOf = [whole, OfField(RecordShape.Of(type).Fields.Single(f => f.Name == bare.Field))] }
            : whole;
    }

    public IOpenApiSchema OfField(Field field)
    {
        var schema = OfType(field.Property);
        schema.Description = AmountBounds(field.Property) is { } bounds ? $"{XmlComments.Of(field.Property)} {bounds}".Trim() : XmlComments.Of(field.Property);
        if (!field.Required && Defaults(field.Property.DeclaringType!)[field.Name] is { } otherwise)
        {
            (schema as OpenApiSchema)?.Default = otherwise.DeepClone();
            (schema as OpenApiSchemaReference)?.Default = otherwise.DeepClone();
        }

        return schema;
    }

    private IOpenApiSchema OfRecord(Type type) => schemas.Named(Schemas.NameOf(type), type, schema =>
    {
        var fields = RecordShape.Of(type).Fields;
        schema.Properties = fields.ToDictionary(f => f.Name, OfField);
        schema.Required = fields.Where(f => f.Required).Select(f => f.Name).ToHashSet();
        schema.AdditionalPropertiesAllowed = !strict;
    });

    private IOpenApiSchema OfType(PropertyInfo property) => OfType(property.PropertyType, property);

    private IOpenApiSchema OfType(Type declared, PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        var between = property.GetCustomAttribute<BetweenAttribute>();
        return type switch
        {
            _ when type == typeof(string) && property.GetCustomAttribute<OneOfAttribute>() is { } one =>
                new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. one.Words.Select(w => JsonValue.Create(w))] },
            _ when type == typeof(string) => Text(property.GetCustomAttribute<TextAttribute>()!),
            _ when type == typeof(int) || type == typeof(long) => Bounded((OpenApiSchema)schemas.OfValue(type)!, between),
            _ when type == typeof(Money) && property.IsDefined(typeof(NumberMoneyAttribute)) =>
                Bounded(Schemas.Of(JsonSchemaType.Number), between ?? new BetweenAttribute(0, (double)Money.Most.Major)),
            _ when type.IsGenericType => List(OfType(type.GetGenericArguments()[0], property), property.GetCustomAttribute<CountAttribute>()!),
            _ => schemas.OfValue(type) ?? OfRecord(type),
        };
    }

    private static OpenApiSchema List(IOpenApiSchema element, CountAttribute count) =>
        new() { Type = JsonSchemaType.Array, Items = element, MinItems = count.Min, MaxItems = count.Max };

    private static OpenApiSchema Text(TextAttribute rule) => new()
    {
        Type = JsonSchemaType.String,
        Format = rule.Secret ? "password" : null,
        MinLength = rule.Min == 0 ? null : rule.Min,
        MaxLength = rule.Max,
        Pattern = rule.Pattern is null ? null : $"^(?:{rule.Pattern})$",
    };

    private static OpenApiSchema Bounded(OpenApiSchema number, BetweenAttribute? between)
    {
        number.Minimum = between is { MoreThanMin: false } ? $"{between.Min}" : null;
        number.ExclusiveMinimum = between is { MoreThanMin: true } ? $"{between.Min}" : null;
        number.Maximum = between is null ? null : $"{between.Max}";
        return number;
    }

    /// <summary>JSON Schema can't bound a number in a string, so words do.</summary>
    private static string? AmountBounds(PropertyInfo property) =>
        property.GetCustomAttribute<BetweenAttribute>() is { } between && !property.IsDefined(typeof(NumberMoneyAttribute))
            && (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(Money)
            ? $"{(between.MoreThanMin ? "More than" : "At least")} {between.Min}, at most {between.Max}."
            : null;

    /// <summary>What the fields hold when they are left out.</summary>
    private JsonObject Defaults(Type type) => (JsonObject)JsonSerializer.SerializeToNode(Activator.CreateInstance(type), type, _json)!;

    private static void WriteNumberMoney(JsonTypeInfo type)
    {
        for (var i = 0; i < type.Properties.Count; i++)
        {
            var money = type.Properties[i];
            if (money.AttributeProvider?.IsDefined(typeof(NumberMoneyAttribute), false) == true)
            {
                var number = type.CreateJsonPropertyInfo(typeof(decimal?), money.Name);
                number.Get = record => money.Get!(record) is Money { Major: var major } ? major : null;
                type.Properties[i] = number;
            }
        }
    }
}
