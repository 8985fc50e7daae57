using System.Text.Json;
using Souk.Fuzz.Requests;
using Souk.Fuzz.Wire;

namespace Souk.Fuzz.Oracles;

/// <summary>Looks at each answer for what must never be.</summary>
/// <param name="codes">The codes of <c>docs/errors.md</c> with their statuses.</param>
internal sealed class Judge(IReadOnlyDictionary<string, int> codes)
{
    /// <summary>What Kestrel answers by itself to requests that are hardly HTTP.</summary>
    private static readonly int[] BelowTheShop = [400, 405, 408, 411, 413, 414, 417, 426, 431, 501, 505];

    private static readonly JsonDocumentOptions Strictly = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    private static readonly string[] Leaks =
    [
        "   at ", "Exception", "System.", "Microsoft.", "Souk.", "Npgsql", "SQLite", "sqlite", "PostgreSQL", "postgres", "Kestrel", "ASP.NET", ".NET", ".dll", ".cs:", "/src/", "SELECT ", "INSERT ", "UPDATE ", "DELETE FROM", "constraint failed", "no such column", "syntax error", "violates", "DbContext", "StackTrace", "Object reference",
    ];

    /// <summary>What a service at its limit says by the first contract, which has no codes.</summary>
    private static readonly HashSet<string> Full =
    [
        "The queue of writes is full.", "Too many sales are under way.", "Too many sales wait for another service.", "Too many passwords are being checked.", "Too many passwords are waiting to be checked.",
        .. Shop.Services.Select(s => $"{s.Name} is at its limit."),
    ];

    private readonly Answers _answers = new();

    /// <summary>What is wrong with an answer; nothing, mostly.</summary>
    public IEnumerable<string> Faults(Plan plan, Reply reply)
    {
        if (reply.Status == 0)
        {
            // A connection that is closed on a body over the limit can take the answer with it (RFC 9112, 9.6).
            return plan.MayEndBelow || plan.Body?.Length > 60_000 ? [] : ["the connection was closed without an answer"];
        }

        var (body, unreadable) = Json(reply);
        return new[] { unreadable, Broken(plan, reply, body), Leak(reply), Frame(plan, reply), Trespass(plan, reply), body is { } json ? Problem(reply, json) : null, Described(plan, reply, body, unreadable) }.OfType<string>();
    }

    /// <summary>Whether the answer is that of a service at its limit, which is no fault. No other 503 has a reason here, where nothing is away and every disk has room.</summary>
    public static bool IsBusy(Reply reply) => reply.Status == 503 && reply.Header("Retry-After") is not null && Json(reply).Body is { ValueKind: JsonValueKind.Object } body
        && (reply.MediaType == "application/problem+json"
            ? Word(body, "code") == "busy"
            : body.EnumerateObject().ToArray() is [{ Name: "detail", Value.ValueKind: JsonValueKind.String } detail] && Full.Contains(detail.Value.GetString()!));

    /// <summary>A field as text; what has no such field says nothing.</summary>
    private static string Word(JsonElement body, string field) => body.ValueKind == JsonValueKind.Object && body.TryGetProperty(field, out var value) ? $"{value}" : "";

    private static string? Broken(Plan plan, Reply reply, JsonElement? body) =>
        reply.Status < 500 || IsBusy(reply) || (plan.MayEndBelow && body is null && reply.Status is 501 or 505) ? null : $"status {reply.Status}";

    private static (JsonElement? Body, string? Fault) Json(Reply reply)
    {
        if (reply.Body.Length == 0 || reply.MediaType is not ("application/json" or "application/problem+json"))
        {
            return (null, null);
        }

        try
        {
            // The first contract's refusals repeat what was sent, and with it a name that was sent twice.
            var repeats = reply is { Status: 422, MediaType: "application/json" };
            using var document = JsonDocument.Parse(reply.Body, Strictly with { AllowDuplicateProperties = repeats });
            return (document.RootElement.Clone(), null);
        }
        catch (JsonException e)
        {
            return (null, $"the body is not JSON: {e.Message}");
        }
    }

    private static string? Leak(Reply reply)
    {
        var text = reply.Text;
        return reply.MediaType?.EndsWith("json", StringComparison.Ordinal) == true && Leaks.FirstOrDefault(l => text.Contains(l, StringComparison.Ordinal)) is { } leak ? $"the body tells of '{leak.Trim()}'"
            : (reply.Header("Server") ?? reply.Header("X-Powered-By")) is { } server ? $"a header names the server: {server}" : null;
    }

    /// <summary>Headers that every answer of the shop must have, and the rare answers that the web server gives before the shop.</summary>
    private static string? Frame(Plan plan, Reply reply)
    {
        if (plan.MayEndBelow && reply.Body.Length == 0 && BelowTheShop.Contains(reply.Status))
        {
            return null;
        }

        return reply.Header("X-Content-Type-Options") != "nosniff" ? "no nosniff"
            : reply.Status == 401 && reply.Header("WWW-Authenticate") is null ? "401 without WWW-Authenticate"
            : reply.Status is 503 or 429 && reply.Header("Retry-After") is null ? $"{reply.Status} without Retry-After"
            : reply.Status >= 400 && reply.Body.Length == 0 && plan.Method != "HEAD" ? $"{reply.Status} without a body" : null;
    }

    /// <summary>Nobody gets in who may not; that much can be told of any answer.</summary>
    private static string? Trespass(Plan plan, Reply reply)
    {
        var rule = plan.Operation.Rule;
        if (!plan.IsExact || rule == "anyone")
        {
            return null;
        }

        var isForStaff = !rule.StartsWith("self|", StringComparison.Ordinal) && rule != "signed_in";
        return plan.IsStranger || plan.Operation.IsInternal ? (reply.Status is 401 or 429 ? null : $"{plan.Who} gets {reply.Status} where only {rule} may")
            : isForStaff && plan.Who is "customer" or "other" && isForStaff && reply.Status < 400 ? $"a customer gets {reply.Status} where only {rule} may" : null;
    }

    private string? Problem(Reply reply, JsonElement body)
    {
        if (reply.MediaType != "application/problem+json")
        {
            return null;
        }

        var code = Word(body, "code");
        return !codes.TryGetValue(code, out var status) ? $"the code '{code}' is not in docs/errors.md"
            : status != reply.Status || Word(body, "status") != $"{reply.Status}" ? $"{code} comes with {reply.Status}" : null;
    }

    private string? Described(Plan plan, Reply reply, JsonElement? body, string? unreadable)
    {
        if (unreadable is not null || reply.Status is >= 500 and not 503)
        {
            return null;
        }

        return plan.IsExact && !plan.Operation.IsInternal ? _answers.Fault(plan.Operation, reply, body)
            : reply.MediaType == "application/problem+json" && body is { } problem ? _answers.FaultOfProblem(plan.Operation.Document, problem) : null;
    }
}
