using Souk.Platform.Errors;

namespace Souk.Sales;

/// <summary>The refusals that are Sales' own.</summary>
internal static class SalesErrors
{
    public static readonly ErrorKind OrderNotFound = new("order_not_found", 404, "There is no such order");
    public static readonly ErrorKind PriceChanged = new("price_changed", 409, "The total is not the one that was expected");
    public static readonly ErrorKind CancelTooLate = new("cancel_too_late", 409, "The order can't be cancelled any more");
    public static readonly ErrorKind CartEmpty = new("cart_empty", 409, "There is nothing in the cart");
    public static readonly ErrorKind CartFull = new("cart_full", 409, "The cart takes no more lines");
    public static readonly ErrorKind CartLineNotFound = new("cart_line_not_found", 404, "The cart has no such line");

    public static readonly ErrorKind WebhookNotFound = new("webhook_not_found", 404, "There is no such webhook");
    public static readonly ErrorKind WebhookUrlRefused = new("webhook_url_refused", 422, "Webhooks can't go to that address");
    public static readonly ErrorKind WebhookLimit = new("webhook_limit", 409, "The shop takes no more webhooks");

    public static Error NoWebhook(Guid id) => WebhookNotFound.With($"There is no webhook {id}.");

    public static Error NoOrder(Guid id) => OrderNotFound.With($"There is no order {id}.");
}
