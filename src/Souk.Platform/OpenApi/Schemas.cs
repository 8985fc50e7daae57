using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Souk.Platform.Values;

namespace Souk.Platform.OpenApi;

/// <summary>The document's named schemas, and the schemas that requests and answers share.</summary>
internal sealed class Schemas(OpenApiDocument document, string currency)
{
    private const string MadeFrom = "made-from";

    /// <summary>The schema of a value that is neither a record nor a list, or null.</summary>
    public IOpenApiSchema? OfValue(Type type) => type switch
    {
        _ when type == typeof(string) => Of(JsonSchemaType.String),
        _ when type == typeof(bool) => Of(JsonSchemaType.Boolean),
        _ when type == typeof(int) => Of(JsonSchemaType.Integer, "int32"),
        _ when type == typeof(long) => Of(JsonSchemaType.Integer, "int64"),
        _ when type == typeof(decimal) || type == typeof(double) => Of(JsonSchemaType.Number),
        _ when type == typeof(Guid) => Of(JsonSchemaType.String, "uuid"),
        _ when type == typeof(DateTime) || type == typeof(DateTimeOffset) => Of(JsonSchemaType.String, "date-time"),
        _ when type == typeof(DateOnly) => Of(JsonSchemaType.String, "date"),
        _ when type == typeof(Money) => Named("Amount", type, Amount),
        _ when type.IsEnum => Named(NameOf(type), type, words => Words(words, type)),
        _ => null,
    };

    /// <summary>A reference to a named schema, which is made when first asked for.</summary>
    public IOpenApiSchema Named(string name, Type type, Action<OpenApiSchema> fill)
    {
        if (document.Components?.Schemas?.TryGetValue(name, out var known) == true)
        {
            RefuseClash(name, (Type)((OpenApiSchema)known).Metadata![MadeFrom], type);
        }
        else
        {
            // It is added before it is filled, so that a type can hold itself.
            var schema = new OpenApiSchema { Type = JsonSchemaType.Object, Description = XmlComments.Of(type), Metadata = new Dictionary<string, object> { [MadeFrom] = type } };
            document.AddComponent(name, schema);
            fill(schema);
        }

        return new OpenApiSchemaReference(name, document);
    }

    /// <summary>What a type is called in the document: <c>ProductViewPage</c> for a page of them, <c>V1Good</c> for one of the first contract.</summary>
    public static string NameOf(Type type)
    {
        var name = string.Concat(type.GetGenericArguments().Select(NameOf)) + type.Name.Split('`')[0];
        return type.Namespace?.EndsWith(".V1", StringComparison.Ordinal) == true ? $"V1{name}" : name;
    }

    public static OpenApiSchema Of(JsonSchemaType type, string? format = null) => new() { Type = type, Format = format };

    /// <summary>The same schema, null allowed.</summary>
    public static IOpenApiSchema OrNull(IOpenApiSchema schema)
    {
        if (schema is OpenApiSchema { Type: { } type } own)
        {
            own.Type = type | JsonSchemaType.Null;
            return own;
        }

        return schema is OpenApiSchemaReference ? new OpenApiSchema { AnyOf = [schema, Of(JsonSchemaType.Null)] } : schema;
    }

    /// <summary>Two types of one name may meet only when they look alike on the wire.</summary>
    private static void RefuseClash(string name, Type known, Type type)
    {
        if (known != type && !Fields(known).SequenceEqual(Fields(type)))
        {
            throw new InvalidOperationException($"{known} and {type} are both called {name} in the OpenAPI document; rename one.");
        }
    }

    private static IEnumerable<string> Fields(Type type) => type.GetProperties().Select(p => p.Name);

    private void Amount(OpenApiSchema schema)
    {
        schema.Description = "Money: a decimal number in a string, and the shop's one currency.";
        schema.Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["amount"] = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = @"^-?[0-9]+(\.[0-9]{1,2})?$", Description = "Major units, at most two decimals." },
            ["currency"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [currency], Description = "An ISO 4217 code." },
        };
        schema.Required = new HashSet<string> { "amount", "currency" };
        schema.AdditionalPropertiesAllowed = false;
        schema.Examples = [new JsonObject { ["amount"] = "19.99", ["currency"] = currency }];
    }

    private static void Words(OpenApiSchema schema, Type type)
    {
        schema.Type = JsonSchemaType.String;
        schema.Enum = [.. Enum.GetNames(type).Select(n => JsonValue.Create(JsonNamingPolicy.SnakeCaseLower.ConvertName(n)))];
    }
}
