using System.Text.Json;

namespace Souk.Sales.Webhooks;

/// <summary>What a webhook can tell.</summary>
internal enum WebhookEvent
{
    /// <summary>An order was placed.</summary>
    OrderPlaced,

    /// <summary>An order was cancelled.</summary>
    OrderCancelled,
}

/// <summary>An address that is told of orders.</summary>
internal sealed class Webhook
{
    public const int Most = 20;
    public const int UrlMost = 500;

    /// <summary>The types that this version knows.</summary>
    public static readonly IReadOnlyList<string> KnownTypes = [.. Enum.GetValues<WebhookEvent>().Select(TypeOf)];

    public Guid Id { get; init; }

    public required string Url { get; set; }

    /// <summary>The types of what it is told, separated by spaces.</summary>
    public required string Types { get; set; }

    /// <summary>What its messages are signed with. It is stored encrypted; a signature can't be made from a hash.</summary>
    public required string Secret { get; init; }

    /// <summary>From when on it is told of events.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>When it was switched off, by an admin or because nothing arrived; null while it is on.</summary>
    public DateTime? DisabledAt { get; set; }

    /// <summary>Why it was switched off.</summary>
    public string? DisabledReason { get; set; }

    public int Version { get; set; } = 1;

    /// <summary>Switches it off; what waits stays until it is switched on again.</summary>
    public void Disable(string reason, DateTime now) => (DisabledAt, DisabledReason, Version) = (now, reason, Version + 1);

    /// <summary>The events whose types are stored so; a type that only a newer version knows is passed over.</summary>
    public static IReadOnlyList<WebhookEvent> EventsOf(string types) => [.. Enum.GetValues<WebhookEvent>().Where(e => types.Split(' ').Contains(TypeOf(e), StringComparer.Ordinal))];

    /// <summary>The types of events, as they are stored.</summary>
    public static string Join(IEnumerable<WebhookEvent> events) => string.Join(' ', events.Distinct().Order().Select(TypeOf));

    public static string TypeOf(WebhookEvent e) => JsonNamingPolicy.SnakeCaseLower.ConvertName(e.ToString());

    public static WebhookEvent EventOf(string type) => Enum.GetValues<WebhookEvent>().Single(e => TypeOf(e) == type);
}

/// <summary>A webhook that is on, read without its secret, so that one whose secret can't be decrypted stops nothing else.</summary>
/// <param name="Id">The webhook.</param>
/// <param name="Events">What it is told of.</param>
/// <param name="CreatedAt">From when on (UTC).</param>
internal sealed record Subscriber(Guid Id, IReadOnlyList<WebhookEvent> Events, DateTime CreatedAt);

/// <summary>Where a message stands.</summary>
internal enum WebhookState
{
    /// <summary>To be sent, for the first time or again.</summary>
    Pending,

    /// <summary>The receiver answered with a status of the 200s.</summary>
    Delivered,

    /// <summary>All attempts failed.</summary>
    Failed,
}

/// <summary>A message to a webhook about one event.</summary>
internal sealed class WebhookMessage
{
    /// <summary>Pauses before the second attempt and so on. Together they bridge 19 hours.</summary>
    public static readonly IReadOnlyList<TimeSpan> Pauses =
        [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(6), TimeSpan.FromHours(10)];

    /// <summary>How long messages are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public Guid Id { get; init; }

    public Guid WebhookId { get; init; }

    public Guid EventId { get; init; }

    public required string Type { get; init; }

    /// <summary>The body, the same for each attempt.</summary>
    public required string Payload { get; init; }

    public WebhookState State { get; private set; }

    public int Attempts { get; private set; }

    public int? LastStatus { get; private set; }

    public string? LastFailure { get; private set; }

    public DateTime CreatedAt { get; init; }

    /// <summary>When it is sent next; while it is being sent, when somebody else may take it for lost.</summary>
    public DateTime NextAt { get; set; }

    public DateTime? EndedAt { get; private set; }

    /// <summary>Notes what came of an attempt.</summary>
    /// <param name="status">The HTTP status, or null.</param>
    /// <param name="failure">Why it failed, or null.</param>
    /// <param name="now">When.</param>
    public void Note(int? status, string? failure, DateTime now)
    {
        (Attempts, LastStatus, LastFailure) = (Attempts + 1, status, failure);
        if (failure is null || Attempts > Pauses.Count)
        {
            (State, EndedAt) = (failure is null ? WebhookState.Delivered : WebhookState.Failed, now);
        }
        else
        {
            NextAt = now + Pauses[Attempts - 1];
        }
    }
}
