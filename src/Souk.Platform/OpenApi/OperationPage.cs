using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Platform.OpenApi;

/// <summary>
/// Writes an operation's page from what the operation declares. Handlers' parameters read themselves (<see cref="Body{T}"/>,
/// <see cref="Params{T}"/>), so of what the framework makes of them only plain path parameters are kept.
/// </summary>
internal sealed class OperationPage(IOptions<JsonOptions> json, SoukSettings settings) : IOpenApiOperationTransformer
{
    public const string Bearer = "bearer";

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var declared = new Declared(context.Description);
        var schemas = new Schemas(context.Document!, settings.Currency);
        var requests = new RequestSchemas(schemas, json.Value.SerializerOptions, strict: !declared.IsV1);
        operation.OperationId = OperationId.Of(declared.Method, declared.Path);
        operation.AddExtension("x-access", new JsonNodeExtension(declared.Access.Rule));
        operation.Security = declared.Access == Access.Anyone ? [] : [new() { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] }];
        operation.Parameters = [.. TakenByHandler(operation, declared), .. Parameters(declared, requests), .. Headers(declared)];
        operation.RequestBody = declared.Body is null ? null : Body(declared, declared.Body, requests);
        operation.Responses = new ResponsePages(declared, schemas, json.Value.SerializerOptions, settings.Currency).Write();
        return Task.CompletedTask;
    }

    /// <summary>Path parameters that stand among the handler's own parameters, which the framework describes well.</summary>
    private static IEnumerable<IOpenApiParameter> TakenByHandler(OpenApiOperation operation, Declared declared) =>
        (operation.Parameters ?? []).Where(p => p.In == ParameterLocation.Path && Fields(declared).All(f => f.Name != p.Name));

    private static IReadOnlyList<Field> Fields(Declared declared) => declared.Params is { } type ? RecordShape.Of(type).Fields : [];

    private static IEnumerable<IOpenApiParameter> Parameters(Declared declared, RequestSchemas requests)
    {
        foreach (var field in Fields(declared).OrderByDescending(f => declared.InPath(f.Name)))
        {
            var schema = requests.OfField(field);
            var parameter = new OpenApiParameter
            {
                Name = field.Name,
                In = declared.InPath(field.Name) ? ParameterLocation.Path : ParameterLocation.Query,
                Required = field.Required || declared.InPath(field.Name),
                Description = schema.Description,
                Schema = schema,
            };
            schema.Description = null;
            yield return parameter;
        }
    }

    private static IEnumerable<IOpenApiParameter> Headers(Declared declared)
    {
        if (declared.TakesIdempotencyKey)
        {
            yield return new OpenApiParameter
            {
                Name = IdempotencyKey.Header,
                In = ParameterLocation.Header,
                Description = $"Makes a repetition safe: the same key with the same request gets the first answer again, for {KeptAnswer.Kept.Days} days.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255, Pattern = "^[!-~]+$" },
            };
        }

        if (declared.TakesIfMatch)
        {
            yield return new OpenApiParameter
            {
                Name = HeaderNames.IfMatch,
                In = ParameterLocation.Header,
                Required = true,
                Description = "The ETag of what you read, or `*` to overwrite whatever stands there.",
                Schema = Schemas.Of(JsonSchemaType.String),
                Example = "\"v1\"",
            };
        }
    }

    private static OpenApiRequestBody Body(Declared declared, Type type, RequestSchemas requests)
    {
        string[] contentTypes = declared.Method == "PATCH" && !declared.IsV1 ? ["application/merge-patch+json", "application/json"] : ["application/json"];
        return new OpenApiRequestBody
        {
            Required = true,
            Description = XmlComments.Of(type),
            Content = contentTypes.ToDictionary(c => c, _ => new OpenApiMediaType { Schema = requests.OfBody(type), Example = requests.Example(declared.BodyExample) }),
        };
    }
}
