using Souk.Customers.Accounts;
using Souk.Testing;

namespace Souk.Customers.Tests.Accounts;

/// <summary>Sample customers, who are numbered.</summary>
public class SampleCustomersTests(TestShop shop)
{
    [Fact]
    public async Task Their_numbers_go_on_after_the_highest()
    {
        var samples = shop.Part<SampleCustomers>();
        await samples.Fill(3, _ => { });
        foreach (var gone in new[] { "sample-0000001", "sample-0000002" })
        {
            (await shop.Admin.Delete("customers", $"/api/v2/customers/{gone}")).Must(204);
        }

        // Somebody else's name, which has no number.
        await shop.NewCustomer(username: "sample-of-one");

        await samples.Fill(2, _ => { });

        (await samples.Some(10)).Select(c => c.Username).ShouldBe(["sample-0000003", "sample-0000004", "sample-0000005", "sample-of-one"]);
    }
}
