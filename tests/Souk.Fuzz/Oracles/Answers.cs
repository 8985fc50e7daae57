using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Souk.Fuzz.Requests;

namespace Souk.Fuzz.Oracles;

/// <summary>
/// What the documents say of answers: the statuses, media types, headers and schemas of each operation. Schemas are read strictly: an object has
/// the fields that its schema lists, and no others.
/// </summary>
internal sealed class Answers
{
    private static readonly BuildOptions Building = new() { SchemaRegistry = new SchemaRegistry() };
    private static readonly EvaluationOptions Quick = new() { OutputFormat = OutputFormat.Flag, RequireFormatValidation = true };
    private static readonly EvaluationOptions Wordy = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private static readonly Lock OneByOne = new();
    private readonly ConcurrentDictionary<(string Service, string Schema), Lazy<JsonSchema>> _schemas = new();

    /// <summary>What an answer of an operation has wrong, as far as its document tells.</summary>
    /// <param name="operation">The operation that answered.</param>
    /// <param name="reply">The answer.</param>
    /// <param name="body">Its body as JSON, if it is some.</param>
    public string? Fault(Operation operation, Wire.Reply reply, JsonElement? body)
    {
        var responses = operation.Document.Root.GetProperty("paths").GetProperty(operation.Path).GetProperty(operation.Method.ToLowerInvariant()).GetProperty("responses");
        if (!responses.TryGetProperty($"{reply.Status}", out var response))
        {
            return $"status {reply.Status} is not documented";
        }

        if (response.TryGetProperty("headers", out var headers) && headers.EnumerateObject().Select(h => h.Name).FirstOrDefault(h => reply.Header(h) is null) is { } missing)
        {
            return $"{reply.Status} has no {missing}";
        }

        if (!response.TryGetProperty("content", out var content) || !content.EnumerateObject().Any())
        {
            return reply.Body.Length == 0 ? null : $"{reply.Status} has a body and is documented without";
        }

        if (body is null && reply.MediaType is null or "application/json" or "application/problem+json")
        {
            return $"{reply.Status} has not the body that is documented";
        }

        return content.TryGetProperty(reply.MediaType ?? "", out var described)
            ? Mismatch(operation.Document, described.GetProperty("schema"), body!.Value)
            : $"{reply.Status} comes as '{reply.MediaType}', which is not documented";
    }

    /// <summary>What a problem has wrong that does not come from a known operation.</summary>
    public string? FaultOfProblem(Document document, JsonElement body) =>
        document.Root.TryGetProperty("components", out _) ? Mismatch(document, JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["$ref"] = "#/components/schemas/Problem" }), body) : null;

    private string? Mismatch(Document document, JsonElement schema, JsonElement body)
    {
        var known = _schemas.GetOrAdd((document.Service, schema.GetRawText()), key => new Lazy<JsonSchema>(() => Build(document, key.Schema))).Value;
        return known.Evaluate(body, Quick).IsValid ? null : $"the body breaks its schema: {Reasons(known.Evaluate(body, Wordy))}";
    }

    private static string Reasons(EvaluationResults results)
    {
        results.ToList();
        return string.Join("; ", (results.Details ?? []).Where(d => d.Errors is { Count: > 0 }).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation} {e.Value}")).Take(3));
    }

    private JsonSchema Build(Document document, string schema)
    {
        var whole = (JsonObject)Strict(JsonNode.Parse(schema)!)!;
        whole["$schema"] = "https://json-schema.org/draft/2020-12/schema";
        whole["$defs"] = new JsonObject(document.Root.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(s => KeyValuePair.Create(s.Name, Strict(JsonNode.Parse(s.Value.GetRawText())!))));

        // The library's registry does not stand two at once (https://github.com/json-everything/json-everything/issues/999).
        lock (OneByOne)
        {
            return JsonSchema.FromText(whole.ToJsonString(), Building, new Uri($"https://souk.invalid/{document.Service}/{_schemas.Count}/{Guid.CreateVersion7(DateTimeOffset.UnixEpoch)}"));
        }
    }

    /// <summary>The schema as JSON Schema takes it: closed objects, names where it looks for them, and only formats that it knows.</summary>
    private static JsonNode? Strict(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            return new JsonArray([.. list.Select(Strict)]);
        }

        if (node is not JsonObject fields)
        {
            return node?.DeepClone();
        }

        var strict = new JsonObject();
        foreach (var (name, value) in fields)
        {
            if (name == "$ref")
            {
                strict[name] = $"{value}".Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
            }
            else if (name is not ("example" or "examples" or "default" or "description") && !(name == "format" && $"{value}" is not ("uuid" or "date-time")))
            {
                strict[name] = name == "properties" ? new JsonObject(((JsonObject)value!).Select(p => KeyValuePair.Create(p.Key, Strict(p.Value)))) : Strict(value);
            }
        }

        if (strict.ContainsKey("properties") && !strict.ContainsKey("additionalProperties"))
        {
            strict["additionalProperties"] = false;
        }

        return strict;
    }
}
