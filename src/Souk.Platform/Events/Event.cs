using System.Text.Json;
using System.Text.Json.Serialization;
using Souk.Platform.Persistence;

namespace Souk.Platform.Events;

/// <summary>Something that happened in a service and that others may want to know. Its record's name is its type.</summary>
public interface IEvent
{
    /// <summary>What it is about; events about one subject arrive in order.</summary>
    string Subject { get; }
}

/// <summary>An event in the outbox, written in the transaction of the change that it tells.</summary>
public sealed class OutboxEvent
{
    /// <summary>Its number in this service's outbox.</summary>
    public long Id { get; init; }

    /// <summary>Its identifier everywhere.</summary>
    public Guid EventId { get; init; }

    /// <summary>What it is about.</summary>
    public required string Subject { get; init; }

    /// <summary>What happened, in snake_case.</summary>
    public required string Type { get; init; }

    /// <summary>The event as JSON.</summary>
    public required string Payload { get; init; }

    /// <summary>When it happened (UTC).</summary>
    public DateTime At { get; init; }

    /// <summary>Publishes events in a set write; their types belong into <see cref="ITransaction{TDb}.Published"/>.</summary>
    public static SetInsert<OutboxEvent> Insert { get; } = new SetInsert<OutboxEvent>("outbox")
        .With("event_id", e => e.EventId).With("subject", e => e.Subject).With("type", e => e.Type).With("payload", e => e.Payload).With("at", e => e.At);

    /// <summary>How a type of event is named in the outbox.</summary>
    public static string TypeOf(Type type) => JsonNamingPolicy.SnakeCaseLower.ConvertName(type.Name);

    /// <summary>An event, ready for the outbox.</summary>
    public static OutboxEvent Of(IEvent e, Guid id, DateTime at) => new()
    {
        EventId = id,
        Subject = (e ?? throw new ArgumentNullException(nameof(e))).Subject,
        Type = TypeOf(e.GetType()),
        Payload = JsonSerializer.Serialize(e, e.GetType(), InternalJson.Options),
        At = at,
    };
}

/// <summary>How far a subscriber has got in this service's outbox.</summary>
public sealed class Delivery
{
    /// <summary>The subscriber's name.</summary>
    public required string Subscriber { get; init; }

    /// <summary>The number of the last event that it took.</summary>
    public long LastId { get; set; }
}

/// <summary>An event of another service that was handled here, so that its repetition is not.</summary>
public sealed class SeenEvent
{
    /// <summary>The event's identifier.</summary>
    public Guid EventId { get; init; }

    /// <summary>When it was handled (UTC).</summary>
    public DateTime At { get; init; }
}

/// <summary>How services write JSON to each other.</summary>
public static class InternalJson
{
    /// <summary>snake_case, enumerations by name, money as minor units.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        MaxDepth = Hosting.Limits.JsonDepth,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new Values.MinorMoneyJson(), new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };
}

/// <summary>One event on its way between services.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Type">What happened.</param>
/// <param name="Payload">The event.</param>
/// <param name="At">When it happened (UTC).</param>
internal sealed record EventMessage(Guid Id, string Subject, string Type, JsonElement Payload, DateTime At);
