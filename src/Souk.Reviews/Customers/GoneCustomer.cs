namespace Souk.Reviews.Customers;

/// <summary>
/// A customer who was deleted. Their last token is valid for some minutes more; what it would write here would never be erased, so
/// it is refused.
/// </summary>
internal sealed class GoneCustomer
{
    public Guid Id { get; init; }
}
