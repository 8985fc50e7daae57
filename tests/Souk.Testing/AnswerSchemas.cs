using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Xunit;

namespace Souk.Testing;

/// <summary>
/// Every answer that a test gets is compared with the service's OpenAPI document: it has the fields that its schema lists and no
/// others. Operations between services have no document and are passed over.
/// </summary>
public static class AnswerSchemas
{
    private static readonly ConcurrentDictionary<string, Task<ApiDocument?>> Documents = new();

    /// <summary>Fails the test when the answer is not what the document says.</summary>
    internal static async Task Check(RunningShop shop, string service, HttpMethod method, string path, Answer answer)
    {
        if (method == HttpMethod.Head || await DocumentOf(shop, service) is not { } document || document.Find(method, path) is not { } operation)
        {
            return;
        }

        if (document.Difference(operation, answer.Code, answer.ContentType, answer.Text) is { } difference)
        {
            Assert.Fail($"{method} {path} answered {answer.Code}, and not as its schema says: {difference}\n{answer.Text}");
        }
    }

    /// <summary>The document of the first shop of this process that has that service; they are all the same.</summary>
    private static async Task<ApiDocument?> DocumentOf(RunningShop shop, string service)
    {
        var document = await Documents.GetOrAdd(service, _ => ApiDocument.Read(shop.Http(service)));
        if (document is null)
        {
            // It did not answer: a test had stopped it, perhaps.
            Documents.TryRemove(service, out _);
        }

        return document;
    }
}

/// <summary>An OpenAPI document as a judge of answers.</summary>
public sealed class ApiDocument
{
    private static readonly Lock OneByOne = new();
    private readonly JsonObject _definitions;
    private readonly List<(string[] Path, string Method, JsonObject Operation)> _operations = [];
    private readonly ConcurrentDictionary<string, JsonSchema?> _schemas = new();

    /// <summary>Reads a document. Its objects have the fields that it lists and no others.</summary>
    /// <param name="json">The document.</param>
    public ApiDocument(string json)
    {
        var document = JsonNode.Parse(json)!.AsObject();
        Close(document);
        _definitions = document["components"]!["schemas"]!.AsObject();
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            _operations.AddRange(operations!.AsObject().Select(o => (path.Split('/'), o.Key.ToUpperInvariant(), o.Value!.AsObject())));
        }
    }

    /// <summary>The document that a service serves; null when it does not answer.</summary>
    public static async Task<ApiDocument?> Read(HttpClient service)
    {
        ArgumentNullException.ThrowIfNull(service);
        try
        {
            return new ApiDocument(await service.GetStringAsync(new Uri("/openapi.json", UriKind.Relative)));
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The identifier of the operation that takes a request, or null.</summary>
    public string? Find(HttpMethod method, string path)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(path);
        var parts = path.Split('?')[0].Split('/');
        var found = _operations.Where(o => o.Method == method.Method && o.Path.Length == parts.Length && o.Path.Zip(parts).All(p => p.First.StartsWith('{') || p.First == p.Second));

        // Where a word and a parameter both fit, the word is meant.
        return found.OrderBy(o => o.Path.Count(p => p.StartsWith('{'))).FirstOrDefault().Operation?["operationId"]!.GetValue<string>();
    }

    /// <summary>In what an answer differs from the document; null when it does not.</summary>
    public string? Difference(string operation, int code, string? contentType, string text)
    {
        var answers = _operations.Single(o => o.Operation["operationId"]!.GetValue<string>() == operation).Operation["responses"]!.AsObject();
        if (answers[$"{code}"] is not JsonObject answer)
        {
            return code < 400 ? "it has no such answer" : DifferenceOfRefusal(contentType, text);
        }

        return answer["content"] is not JsonObject { Count: > 0 } content ? text.Length == 0 ? null : "it has no body"
            : content[contentType ?? ""]?["schema"] is JsonObject schema ? Difference(_schemas.GetOrAdd($"{operation} {code} {contentType}", _ => Schema(schema)), text)
            : code < 400 ? $"it is never {contentType}" : DifferenceOfRefusal(contentType, text);
    }

    /// <summary>A refusal that any operation can meet is a problem in the second contract, one sentence in the first.</summary>
    private string? DifferenceOfRefusal(string? contentType, string text) => contentType == "application/problem+json"
        ? Difference(_schemas.GetOrAdd("problem", _ => Schema(_definitions["Problem"]!.AsObject())), text)
        : JsonNode.Parse(text) is JsonObject { Count: 1 } told && told["detail"] is JsonValue ? null : "it is no refusal of the first contract";

    private static string? Difference(JsonSchema? schema, string text)
    {
        var result = schema!.Evaluate(JsonSerializer.Deserialize<JsonElement>(text), new EvaluationOptions { OutputFormat = OutputFormat.List });
        return result.IsValid ? null
            : string.Join("; ", result.Details!.Where(d => d.Errors is { Count: > 0 }).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation} {e.Value} ({d.EvaluationPath})")).Take(6));
    }

    private JsonSchema Schema(JsonObject schema)
    {
        var whole = schema.DeepClone().AsObject();
        whole["$defs"] = _definitions.DeepClone();

        // The library enters schemas into one registry, which does not stand two at once (https://github.com/json-everything/json-everything/issues/999).
        lock (OneByOne)
        {
            return JsonSchema.FromText(whole.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal));
        }
    }

    private static void Close(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray list:
                foreach (var item in list)
                {
                    Close(item);
                }

                break;
            case JsonObject fields:
                fields.Remove("example");
                fields.Remove("examples");
                if (fields["properties"] is JsonObject properties)
                {
                    fields.TryAdd("additionalProperties", false);

                    // A shop may have another currency.
                    (properties["currency"] as JsonObject)?.Remove("enum");
                }

                foreach (var (_, value) in fields)
                {
                    Close(value);
                }

                break;
        }
    }
}
