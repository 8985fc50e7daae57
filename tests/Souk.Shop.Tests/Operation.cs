using System.Text.Json;
using System.Text.Json.Nodes;
using Souk.Testing;

namespace Souk.Tests;

/// <summary>An operation as its document describes it.</summary>
internal sealed record Operation(string Service, string Path, HttpMethod Method, JsonElement Described, JsonElement Document)
{
    public string Id => Described.GetProperty("operationId").GetString()!;

    public bool IsV1 => Path.StartsWith("/api/v1/", StringComparison.Ordinal);

    public bool TakesBody => Described.TryGetProperty("requestBody", out _);

    /// <summary>Who may call it, as its page says.</summary>
    public string Rule => Described.GetProperty("x-access").GetString()!;

    /// <summary>The fields of its body.</summary>
    public string[] Fields => TakesBody ? [.. FieldsOf(Described.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema"))] : [];

    /// <summary>All operations of a shop's OpenAPI documents.</summary>
    public static async Task<List<Operation>> Of(TestShop shop)
    {
        var operations = new List<Operation>();
        foreach (var service in Shop.Services.Select(s => s.Name))
        {
            var document = (await shop.Visitor.Get(service, "/openapi.json")).Json;
            operations.AddRange(document.GetProperty("paths").EnumerateObject()
                .SelectMany(path => path.Value.EnumerateObject().Select(verb => new Operation(service, path.Name, new HttpMethod(verb.Name.ToUpperInvariant()), verb.Value, document))));
        }

        return operations;
    }

    /// <summary>What a caller gets by the table: one of its signs.</summary>
    public char Expected(string caller) => AccessTable.Rows[Id][Array.IndexOf(AccessTable.Columns.Split(' '), caller)];

    /// <summary>Calls it about a scene.</summary>
    /// <param name="scene">What it is about.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="change">Changes the body before it is sent.</param>
    public Task<Answer> Call(Scene scene, Person caller, Action<JsonObject>? change = null)
    {
        var path = Path;
        var query = new List<string>();
        foreach (var parameter in Described.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().ToArray() : [])
        {
            var (name, place) = (parameter.GetProperty("name").GetString()!, parameter.GetProperty("in").GetString());
            var value = Uri.EscapeDataString($"{scene.Value(name, Path)}");
            path = path.Replace($"{{{name}}}", value, StringComparison.Ordinal);
            if (place == "query" && parameter.TryGetProperty("required", out var required) && required.GetBoolean())
            {
                query.Add($"{name}={value}");
            }
        }

        return caller.Send(Method, Service, path + (query.Count == 0 ? "" : $"?{string.Join('&', query)}"), Body(scene, change), ifMatch: Method == HttpMethod.Patch ? "*" : null);
    }

    /// <summary>The documented example, about this scene.</summary>
    private string? Body(Scene scene, Action<JsonObject>? change)
    {
        if (!Described.TryGetProperty("requestBody", out var body))
        {
            return null;
        }

        var example = JsonNode.Parse(body.GetProperty("content").GetProperty("application/json").GetProperty("example").GetRawText())!;
        Adapt(example, scene);
        if (example is JsonObject fields)
        {
            change?.Invoke(fields);
        }

        return example.ToJsonString();
    }

    private IEnumerable<string> FieldsOf(JsonElement schema) =>
        schema.TryGetProperty("$ref", out var name) ? FieldsOf(Document.GetProperty("components").GetProperty("schemas").GetProperty(name.GetString()!.Split('/')[^1]))
        : schema.TryGetProperty("anyOf", out var any) ? any.EnumerateArray().SelectMany(FieldsOf)
        : schema.TryGetProperty("properties", out var fields) ? fields.EnumerateObject().Select(f => f.Name)
        : [];

    private void Adapt(JsonNode? node, Scene scene)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                Adapt(item, scene);
            }
        }

        if (node is JsonObject fields)
        {
            foreach (var (name, value) in fields.ToArray())
            {
                if (value is not (JsonArray or JsonObject) && scene.Value(name, Path) is { } own)
                {
                    fields[name] = own;
                }

                Adapt(value, scene);
            }
        }
    }
}