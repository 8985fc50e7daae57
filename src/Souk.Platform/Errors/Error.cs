using Souk.Platform.Security;

namespace Souk.Platform.Errors;

/// <summary>One way in which a request can be refused: what <c>docs/errors.md</c> lists.</summary>
/// <param name="Code">The stable name that clients may switch on, in snake_case.</param>
/// <param name="Status">The HTTP status it is answered with.</param>
/// <param name="Title">What it means, the same words each time.</param>
public sealed record ErrorKind(string Code, int Status, string Title)
{
    /// <summary>A refusal of this kind, with the words for this one occurrence.</summary>
    public Error With(string detail) => new(this, detail);
}

/// <summary>
/// A business refusal. It is a value and not an exception: an exception means a bug or a broken machine.
/// </summary>
/// <param name="Kind">Which refusal it is.</param>
/// <param name="Detail">What a person should know about this occurrence. It never holds a secret.</param>
public sealed record Error(ErrorKind Kind, string Detail)
{
    /// <summary>The fields that are wrong, where the refusal is about the form of the request.</summary>
    public IReadOnlyList<FieldError> Fields { get; init; } = [];

    /// <summary>When to try again, for refusals that pass by themselves.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How to show the second factor, for refusals that end with that.</summary>
    public StepUpOffer? StepUp { get; init; }
}

/// <summary>One field that breaks a rule of the request's form.</summary>
/// <param name="Location">Where it stands: <c>body</c>, <c>path</c>, <c>query</c> or <c>header</c>, then the way to it (names and list indexes).</param>
/// <param name="Type">The rule's stable name, as Pydantic v2 names it (https://docs.pydantic.dev/latest/errors/validation_errors/), which the first contract promises.</param>
/// <param name="Message">What is expected.</param>
/// <param name="Input">What was sent, as JSON; secrets are masked.</param>
/// <param name="Context">The rule's bounds by name, or null when it has none.</param>
public sealed record FieldError(
    IReadOnlyList<object> Location, string Type, string Message, object? Input, IReadOnlyDictionary<string, object>? Context = null);
