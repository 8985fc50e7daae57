using Souk.Platform.Errors;

namespace Souk.Platform.OpenApi;

/// <summary>Endpoint metadata: an example of the body.</summary>
internal sealed record BodyExample(object Example);

/// <summary>Endpoint metadata: an answer, by example.</summary>
internal sealed record AnswerExample(int Status, object? Example);

/// <summary>Endpoint metadata: refusals that are the operation's own.</summary>
internal sealed record RefusalKinds(IReadOnlyList<ErrorKind> Kinds);
