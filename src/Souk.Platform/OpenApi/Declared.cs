using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Platform.Traffic;

namespace Souk.Platform.OpenApi;

/// <summary>Endpoint metadata: an example of the body.</summary>
internal sealed record BodyExample(object Example);

/// <summary>Endpoint metadata: an answer, by example.</summary>
internal sealed record AnswerExample(int Status, object? Example);

/// <summary>Endpoint metadata: refusals that are the operation's own.</summary>
internal sealed record RefusalKinds(IReadOnlyList<ErrorKind> Kinds);

/// <summary>Everything that an operation declares about itself, by its endpoint's metadata.</summary>
internal sealed class Declared(ApiDescription description)
{
    private readonly IList<object> _metadata = description.ActionDescriptor.EndpointMetadata;

    public string Method { get; } = description.HttpMethod ?? "GET";

    /// <summary>The route with its parameters in braces, without their constraints.</summary>
    public string Path { get; } = $"/{description.RelativePath}";

    public bool IsV1 => Path.StartsWith("/api/v1/", StringComparison.Ordinal);

    public Access Access => Last<Access>()!;

    public RateClass RateClass => RateClass.Of(Method, Access, Last<RateClass>());

    public Type? Body => Last<BodyOf>()?.Type;

    public Type? Params => Last<ParamsOf>()?.Type;

    public object? BodyExample => Last<BodyExample>()?.Example;

    public bool TakesIdempotencyKey => Last<TakesIdempotencyKey>() is not null;

    public bool TakesIfMatch => Last<TakesIfMatch>() is not null;

    public V1Manner? Manner => Last<V1Manner>();

    public IEnumerable<AnswerExample> Answers => _metadata.OfType<AnswerExample>();

    public IEnumerable<ErrorKind> OwnRefusals => _metadata.OfType<RefusalKinds>().SelectMany(r => r.Kinds);

    public bool InPath(string name) => Path.Contains($"{{{name}}}", StringComparison.Ordinal);

    private T? Last<T>() => _metadata.OfType<T>().LastOrDefault();
}
