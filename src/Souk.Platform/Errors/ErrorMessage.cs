namespace Souk.Platform.Errors;

/// <summary>A refusal on its way between services.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Status">Its HTTP status.</param>
/// <param name="Title">What it means.</param>
/// <param name="Detail">What happened this time.</param>
public sealed record ErrorMessage(string Code, int Status, string Title, string Detail)
{
    /// <summary>A refusal as a message.</summary>
    public static ErrorMessage? Of(Error? error) => error is null ? null : new(error.Kind.Code, error.Kind.Status, error.Kind.Title, error.Detail);

    /// <summary>The message as a refusal; those that pass by themselves say when to come back.</summary>
    public Error ToError() => new(new ErrorKind(Code, Status, Title), Detail) { RetryAfter = Status == 503 ? Hosting.Limits.BusyRetryAfter : null };
}
