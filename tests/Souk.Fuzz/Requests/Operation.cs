using System.Text.Json;

namespace Souk.Fuzz.Requests;

/// <summary>An operation as its OpenAPI document describes it, or one between services, which no document has.</summary>
/// <param name="Service">The service that serves it.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path with its parameters in braces.</param>
/// <param name="Id">Its name in the document.</param>
/// <param name="Rule">Who may call it.</param>
/// <param name="Parameters">What it takes besides a body.</param>
/// <param name="Body">The schema of the body, or null when it takes none.</param>
/// <param name="Example">An example of the body.</param>
/// <param name="Document">The document; empty for operations between services.</param>
internal sealed record Operation(
    string Service, string Method, string Path, string Id, string Rule, IReadOnlyList<Parameter> Parameters, JsonElement? Body, JsonElement? Example, Document Document)
{
    public const string InternalRule = "service";

    /// <summary>What its answers are about: the last word of the path that is not a parameter.</summary>
    public string Collection { get; } = Path.Split('/').LastOrDefault(part => part.Length > 0 && part[0] != '{') ?? "";

    public bool IsInternal => Rule == InternalRule;

    public override string ToString() => $"{Service} {Method} {Path}";

    /// <summary>An operation of a document.</summary>
    public static Operation Of(Document document, string path, JsonProperty verb)
    {
        var described = verb.Value;
        var body = described.TryGetProperty("requestBody", out var b) ? b.GetProperty("content").EnumerateObject().First().Value : default(JsonElement?);
        return new Operation(
            document.Service,
            verb.Name.ToUpperInvariant(),
            path,
            described.GetProperty("operationId").GetString()!,
            described.GetProperty("x-access").GetString()!,
            [.. (described.TryGetProperty("parameters", out var p) ? p.EnumerateArray().ToArray() : []).Select(Parameter.Of)],
            body?.GetProperty("schema"),
            body is { } content && content.TryGetProperty("example", out var example) ? example : null,
            document);
    }

    /// <summary>An operation between services.</summary>
    public static Operation Internal(string service, string method, string path) =>
        new(service, method, path, $"internal {method} {path}", InternalRule, [], null, null, Document.Empty(service));
}

/// <summary>A parameter in a path, a query or a header.</summary>
internal sealed record Parameter(string Name, string In, bool Required, JsonElement Schema)
{
    public static Parameter Of(JsonElement described) => new(
        described.GetProperty("name").GetString()!,
        described.GetProperty("in").GetString()!,
        described.TryGetProperty("required", out var required) && required.GetBoolean(),
        described.GetProperty("schema"));
}

/// <summary>A service's OpenAPI document.</summary>
/// <param name="Service">The service.</param>
/// <param name="Root">The document.</param>
internal sealed record Document(string Service, JsonElement Root)
{
    public IEnumerable<Operation> Operations =>
        Root.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(verb => Operation.Of(this, path.Name, verb)));

    public static Document Empty(string service) => new(service, JsonSerializer.SerializeToElement(new { paths = new { } }));

    /// <summary>A schema, or the named one that it points to.</summary>
    public JsonElement Resolve(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out var to)
            ? Root.GetProperty("components").GetProperty("schemas").GetProperty(to.GetString()!.Split('/')[^1])
            : schema;
}
