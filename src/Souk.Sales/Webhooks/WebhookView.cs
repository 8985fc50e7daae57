using System.Linq.Expressions;
using Souk.Platform.Hosting;

namespace Souk.Sales.Webhooks;

/// <summary>A webhook as the second contract shows it.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Url">Where its messages go.</param>
/// <param name="Events">What it is told of.</param>
/// <param name="Enabled">Whether messages are sent.</param>
/// <param name="DisabledReason">Why not.</param>
/// <param name="Secret">What its messages are signed with; shown in the answer to its registration and never again.</param>
/// <param name="CreatedAt">Since when it is told (UTC).</param>
/// <param name="Version">Counts up with each change.</param>
internal sealed record WebhookView(
    Guid Id, string Url, IReadOnlyList<WebhookEvent> Events, bool Enabled, string? DisabledReason, string? Secret, DateTime CreatedAt, int Version) : IVersioned
{
    public static readonly WebhookView Example = new(
        Guid.Parse("01993e2a-0000-7000-8000-000000000021"), "https://shop.example/hooks/souk", [WebhookEvent.OrderPlaced, WebhookEvent.OrderCancelled], true, null, null, new DateTime(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc), 1);

    /// <summary>Of a row, without reading its secret.</summary>
    public static readonly Expression<Func<Webhook, WebhookView>> OfRow =
        w => new WebhookView(w.Id, w.Url, Webhook.EventsOf(w.Types), w.DisabledAt == null, w.DisabledReason, null, w.CreatedAt, w.Version);

    /// <summary>Compiled when a webhook is registered or changed, not when a service starts.</summary>
    private static readonly Lazy<Func<Webhook, WebhookView>> Made = new(() => OfRow.Compile());

    public static WebhookView Of(Webhook w) => Made.Value(w);
}

/// <summary>A message to a webhook as the second contract shows it.</summary>
/// <param name="Id">The message, as its header <c>webhook-id</c> says.</param>
/// <param name="EventId">The event that it tells of.</param>
/// <param name="Event">What happened.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Attempts">How often it was sent.</param>
/// <param name="LastStatus">The HTTP status of the last answer, if there was one.</param>
/// <param name="LastFailure">Why the last attempt failed, if it did.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
/// <param name="NextAt">When it is sent next (UTC), if it is.</param>
/// <param name="EndedAt">When it arrived or was given up (UTC).</param>
internal sealed record WebhookMessageView(
    Guid Id, Guid EventId, WebhookEvent Event, WebhookState State, int Attempts, int? LastStatus, string? LastFailure, DateTime CreatedAt, DateTime? NextAt, DateTime? EndedAt)
{
    public static readonly WebhookMessageView Example = new(
        Guid.Parse("01993e2a-0000-7000-8000-000000000022"), Guid.Parse("01993e2a-0000-7000-8000-000000000023"), WebhookEvent.OrderPlaced, WebhookState.Delivered, 1, 204, null,
        new DateTime(2026, 11, 21, 9, 30, 0, DateTimeKind.Utc), null, new DateTime(2026, 11, 21, 9, 30, 1, DateTimeKind.Utc));

    public static WebhookMessageView Of(WebhookMessage m) => new(
        m.Id, m.EventId, Webhook.EventOf(m.Type), m.State, m.Attempts, m.LastStatus, m.LastFailure, m.CreatedAt, m.State == WebhookState.Pending ? m.NextAt : null, m.EndedAt);
}
