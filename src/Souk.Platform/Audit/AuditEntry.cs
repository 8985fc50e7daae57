namespace Souk.Platform.Audit;

/// <summary>One thing that somebody did or was refused.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="Who">The caller's identifier, <c>service:</c> and a name, <c>anonymous</c>, or <c>system</c>. Handles pass from one person to another, identifiers don't.</param>
/// <param name="Operation">Method and path of the operation; for what nobody called for, what it was.</param>
/// <param name="Subject">What it is about: the values in the path or the identifier of what was made. A name is kept as a digest (<see cref="AuditNames"/>).</param>
/// <param name="Address">The address that the request came from; null for what nobody called for.</param>
/// <param name="Outcome"><c>done</c>, or the code of the refusal.</param>
/// <param name="TraceId">The W3C trace id that logs and problems carry, or null.</param>
/// <param name="Changes">What changed, one line a row or a statement: never a value, which may be personal.</param>
/// <param name="Times">How often the same was refused, where it was more than once.</param>
public sealed record AuditEntry(
    DateTime At, string Who, string Operation, string? Subject, string? Address, string Outcome, string? TraceId, IReadOnlyList<string>? Changes = null, int? Times = null)
{
    /// <summary>The outcome of what was done.</summary>
    public const string Done = "done";

    /// <summary>Who did what nobody called for.</summary>
    public const string System = "system";

    /// <summary>Who calls without a token.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>The operation of the entry that stands for what was cut off.</summary>
    internal const string Cut = "audit cut";
}

/// <summary>Who asks for what and from where, as an entry tells it.</summary>
internal sealed record AuditOrigin(string Who, string Operation, string? Subject, string? Address, string? TraceId);
