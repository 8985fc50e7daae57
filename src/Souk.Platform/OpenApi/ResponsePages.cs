using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;

namespace Souk.Platform.OpenApi;

/// <summary>Everything that an operation can answer, by status: the answers that it declares, then the refusals that it can meet.</summary>
internal sealed class ResponsePages(Declared declared, Schemas schemas, JsonSerializerOptions wire, string currency)
{
    private readonly SortedDictionary<int, OpenApiResponse> _byStatus = [];

    public OpenApiResponses Write()
    {
        AddAnswers();
        AddRefusals();
        var responses = new OpenApiResponses();
        foreach (var (status, response) in _byStatus)
        {
            responses.Add($"{status}", response);
        }

        return responses;
    }

    private void AddAnswers()
    {
        var answers = new AnswerSchemas(schemas, wire);
        foreach (var (status, example) in declared.Answers)
        {
            var response = At(status, ReasonPhrases.GetReasonPhrase(status));
            if (example is not null)
            {
                response.Content!["application/json"] = answers.Content(example);
            }

            AddHeader(response, status == 201 && !declared.IsV1, HeaderNames.Location, "Where it stands from now on.");
            AddHeader(response, !declared.IsV1 && status == 202 && example is not null, HeaderNames.Location, "Where it can be followed.");
            AddHeader(response, !declared.IsV1 && example is IVersioned, HeaderNames.ETag, "The version to send as `If-Match` with a change.");
        }
    }

    /// <summary>Each refusal with its example. What the operation itself answers with that status and content type stands.</summary>
    private void AddRefusals()
    {
        var answers = new AnswerSchemas(schemas, WireJson.Plain);
        foreach (var group in RefusalPages.Of(declared, currency).GroupBy(p => (p.Status, p.ContentType)))
        {
            var (status, contentType) = group.Key;
            var response = At(status, string.Join("; ", group.Select(p => p.Kind.Title)));
            response.Content!.TryAdd(contentType, answers.Content([.. group.Select(p => (p.Kind.Code, p.Kind.Title, p.Body))]));
            AddHeader(response, status == 401, HeaderNames.WWWAuthenticate, "The scheme: `Bearer`.");
            AddHeader(response, status is 429 or 503, HeaderNames.RetryAfter, "When to try again, in seconds.");
            AddHeader(response, declared.IsV1, Refusal.TraceHeader, "What to quote when asking for help.");
        }
    }

    private OpenApiResponse At(int status, string description)
    {
        if (!_byStatus.TryGetValue(status, out var response))
        {
            response = new OpenApiResponse { Description = description, Headers = new Dictionary<string, IOpenApiHeader>(), Content = new Dictionary<string, OpenApiMediaType>() };
            _byStatus[status] = response;
        }

        return response;
    }

    private static void AddHeader(OpenApiResponse response, bool when, string name, string description)
    {
        if (when)
        {
            response.Headers![name] = new OpenApiHeader { Description = description, Schema = Schemas.Of(JsonSchemaType.String) };
        }
    }
}
