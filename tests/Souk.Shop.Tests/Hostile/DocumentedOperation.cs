using System.Text.Json;
using System.Text.Json.Nodes;
using Souk.Testing;

namespace Souk.Tests.Hostile;

/// <summary>A place in a request that its sender fills in.</summary>
/// <param name="In">Where it stands: <c>path</c>, <c>query</c>, <c>header</c> or <c>body</c>.</param>
/// <param name="Way">Its name, and in a body the way to it: <c>lines.0.quantity</c>.</param>
/// <param name="Schema">What the document says of it.</param>
internal sealed record Place(string In, string Way, JsonElement Schema)
{
    /// <summary>Its own name.</summary>
    public string Name => Way.Split('.')[^1];

    /// <summary>Whether the document calls it one of these types.</summary>
    public bool Is(params string[] types) => Schema.TryGetProperty("type", out var type)
        && (type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Any(t => types.Contains(t.GetString())) : types.Contains(type.GetString()));

    /// <summary>Whether it takes any text: not one of a few words, and not a text of a certain form.</summary>
    public bool IsFreeText => Is("string") && !new[] { "enum", "format", "pattern" }.Any(rule => Schema.TryGetProperty(rule, out _));
}

/// <summary>An operation as its service's OpenAPI document describes it, ready to be called rightly but for one place.</summary>
internal sealed record DocumentedOperation(string Service, string Path, HttpMethod Method, JsonElement Described, JsonElement Document)
{
    /// <summary>Stands in a body for a value that is put there as it is written, which no serializer would write.</summary>
    private const string Mark = "@@as-written@@";

    public string Id => Described.GetProperty("operationId").GetString()!;

    public bool IsV1 => Path.StartsWith("/api/v1/", StringComparison.Ordinal);

    public JsonElement? Body => Described.TryGetProperty("requestBody", out var body) ? body.GetProperty("content").GetProperty("application/json") : null;

    /// <summary>Whether nothing of its body is read unless it is signed.</summary>
    public bool IsSigned => Id == "post_v2_payments_events";

    public override string ToString() => $"{Method} {Service} {Path}";

    /// <summary>Every operation of every service.</summary>
    public static async Task<DocumentedOperation[]> All(TestShop shop)
    {
        var documents = await Task.WhenAll(Shop.Services.Select(async s => (s.Name, (await shop.Visitor.Get(s.Name, "/openapi.json")).Json)));
        return [.. documents.SelectMany(d => d.Json.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Select(verb => new DocumentedOperation(d.Name, path.Name, new HttpMethod(verb.Name.ToUpperInvariant()), verb.Value, d.Json))))];
    }

    /// <summary>Every place in it that a caller fills in.</summary>
    public IEnumerable<Place> Places()
    {
        var parameters = Parameters().Select(p => new Place(p.GetProperty("in").GetString()!, p.GetProperty("name").GetString()!, Resolved(p.GetProperty("schema"))));
        return Body is { } body ? parameters.Concat(Leaves(body.GetProperty("schema"), "")) : parameters;
    }

    /// <summary>Calls it as its document shows, about a stage, with something else in one place.</summary>
    /// <param name="stage">What it is about, and who calls.</param>
    /// <param name="place">The place, or null.</param>
    /// <param name="written">What stands there: JSON in a body, text elsewhere.</param>
    public Task<Answer> Call(Stage stage, Place? place = null, string written = "") => Call(stage, stage.CallerOf(this), place, written);

    /// <summary>The same, by somebody else.</summary>
    public Task<Answer> Call(Stage stage, Person caller, Place? place = null, string written = "")
    {
        var headers = Parameters().Where(p => p.GetProperty("in").GetString() == "header").Select(p => p.GetProperty("name").GetString()!).ToArray();
        var body = BodyFor(stage, place, written);
        return caller.Send(Method, Service, Target(stage, place, written), IsSigned && body is not null ? stage.Signed(body) : (object?)body,
            key: place is { In: "header", Name: "Idempotency-Key" } ? written : null,
            ifMatch: place is { In: "header", Name: "If-Match" } ? written : headers.Contains("If-Match") ? "*" : null);
    }

    /// <summary>Its path and query for a stage.</summary>
    public string Target(Stage stage, Place? place = null, string written = "")
    {
        var (path, query) = (Path, new List<string>());
        foreach (var parameter in Parameters())
        {
            var (name, location) = (parameter.GetProperty("name").GetString()!, parameter.GetProperty("in").GetString());
            var here = place?.In == location && place?.Way == name;
            var value = Uri.EscapeDataString(here ? written : $"{stage.Value(name, Path)}");
            path = path.Replace($"{{{name}}}", value, StringComparison.Ordinal);
            if (location == "query" && (here || (parameter.TryGetProperty("required", out var required) && required.GetBoolean())))
            {
                query.Add($"{name}={value}");
            }
        }

        return path + (query.Count == 0 ? "" : $"?{string.Join('&', query)}");
    }

    private string? BodyFor(Stage stage, Place? place, string written)
    {
        if (Body is not { } body)
        {
            return null;
        }

        var example = JsonNode.Parse(body.GetProperty("example").GetRawText())!;
        Adapt(example, stage);
        if (place is not { In: "body" })
        {
            return example.ToJsonString();
        }

        Put(example, place.Way.Split('.'));
        return example.ToJsonString().Replace($"\"{Mark}\"", written, StringComparison.Ordinal);
    }

    private JsonElement[] Parameters() => Described.TryGetProperty("parameters", out var parameters) ? [.. parameters.EnumerateArray()] : [];

    private IEnumerable<Place> Leaves(JsonElement schema, string way)
    {
        schema = Resolved(schema);
        return schema.TryGetProperty("properties", out var fields) ? fields.EnumerateObject().SelectMany(f => Leaves(f.Value, way.Length == 0 ? f.Name : $"{way}.{f.Name}"))
            : schema.TryGetProperty("items", out var item) ? Leaves(item, $"{way}.0")
            : [new Place("body", way, schema)];
    }

    /// <summary>The schema that a reference, or the first of some alternatives, leads to.</summary>
    private JsonElement Resolved(JsonElement schema)
    {
        while (true)
        {
            if (schema.TryGetProperty("$ref", out var reference))
            {
                schema = reference.GetString()!.Split('/').Skip(1).Aggregate(Document, (at, step) => at.GetProperty(step));
            }
            else if (schema.TryGetProperty("anyOf", out var any))
            {
                schema = any[0];
            }
            else
            {
                return schema;
            }
        }
    }

    private void Adapt(JsonNode? node, Stage stage)
    {
        foreach (var item in node as JsonArray ?? [])
        {
            Adapt(item, stage);
        }

        foreach (var (name, value) in (node as JsonObject)?.ToArray() ?? [])
        {
            if (value is not (JsonArray or JsonObject) && stage.Value(name, Path) is { } own)
            {
                node![name] = own;
            }

            Adapt(value, stage);
        }
    }

    private static void Put(JsonNode at, string[] way)
    {
        foreach (var step in way[..^1])
        {
            at = at is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : at[step] ??= new JsonObject();
        }

        if (at is JsonArray words)
        {
            words[0] = Mark;
        }
        else
        {
            at[way[^1]] = Mark;
        }
    }
}
