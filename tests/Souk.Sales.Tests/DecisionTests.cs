using Microsoft.Extensions.DependencyInjection;
using Souk.Platform.Values;
using Souk.Sales.Orders;
using Souk.Testing;

namespace Souk.Sales.Tests;

/// <summary>Decisions, asked for where no request can ask so.</summary>
public class DecisionTests(TestShop shop)
{
    [Fact]
    public async Task One_that_breaks_is_not_decided_and_says_when_to_come_back()
    {
        Order order = new()
        {
            Id = Guid.CreateVersion7(), CustomerId = Guid.CreateVersion7(), Total = new Money(100), PlacedAt = shop.Clock.GetUtcNow().UtcDateTime,
            Lines = [new OrderLine { ProductId = 1, ProductName = null!, Quantity = 1, UnitPrice = new Money(100), Total = new Money(100) }],
        };

        (await shop.Parts("sales").GetRequiredService<Decisions>().Commit(order, "no database takes a line without a name", emptiesCart: false)).Refused(out var error, out _).ShouldBeTrue();

        (error!.Kind.Status, error.RetryAfter.HasValue).ShouldBe((503, true));
        (await shop.Parts("sales").GetRequiredService<IDecisionReader>().Standing(order.Id)).ShouldBeNull();
    }
}
