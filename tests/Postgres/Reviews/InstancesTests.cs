using Souk.Testing;

namespace Souk.Reviews.Tests;

/// <summary>Two instances of Reviews on one database.</summary>
public class InstancesTests
{
    [Fact]
    public async Task Security24_two_instances_let_one_review_through()
    {
        await using var first = new TestShop();
        await first.InitializeAsync();
        await using var second = await first.Twin();
        for (var round = 0; round < 5; round++)
        {
            var product = await first.NewProduct();
            var buyer = await first.NewBuyer(product);
            var atSecond = new Person(second, buyer.Username, buyer.Token);

            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 4) switch
            {
                0 => buyer.Reviews(product),
                1 => atSecond.Reviews(product),
                2 => PurchaseRuleTests.Submit(buyer, product),
                _ => PurchaseRuleTests.Submit(atSecond, product),
            }));

            answers.Count(a => a.Code is 200 or 201).ShouldBe(1);
            answers.Count(a => a.Code == 409).ShouldBe(19);
        }
    }
}
