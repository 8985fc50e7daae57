using Souk.Platform.Values;

namespace Souk.Customers.Payments;

/// <summary>Where a payment stands.</summary>
internal enum PaymentStatus
{
    /// <summary>The provider has not said yet.</summary>
    Pending,

    /// <summary>The money came, and is in the wallet.</summary>
    Succeeded,

    /// <summary>It did not come.</summary>
    Failed,
}

/// <summary>A top-up whose money comes later; the payment provider says when, by a signed event.</summary>
internal sealed class Payment
{
    /// <summary>How many a customer may have open that are not older than a day.</summary>
    public const int OpenMost = 20;

    public Guid Id { get; init; }

    public Guid CustomerId { get; init; }

    public Money Amount { get; init; }

    /// <summary>It ends once, by a statement that finds it pending.</summary>
    public PaymentStatus Status { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime? EndedAt { get; init; }
}

/// <summary>A payment as the second contract shows it.</summary>
/// <param name="Id">Its identifier, which the provider repeats.</param>
/// <param name="Amount">How much.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="CreatedAt">When it was started (UTC).</param>
/// <param name="EndedAt">When the provider said how it ended (UTC), if it did.</param>
internal sealed record PaymentView(Guid Id, Money Amount, PaymentStatus Status, DateTime CreatedAt, DateTime? EndedAt)
{
    public static readonly PaymentView Example = new(Guid.Parse("01993e2a-0000-7000-8000-000000000031"), new Money(5000), PaymentStatus.Pending, new DateTime(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc), null);

    public static PaymentView Of(Payment p) => new(p.Id, p.Amount, p.Status, p.CreatedAt, p.EndedAt);
}
