using Microsoft.Extensions.DependencyInjection;
using Souk.Customers;
using Souk.Platform.Audit;
using Souk.Testing;
using Souk.Tests.Audit;

namespace Souk.Tests;

/// <summary>Two instances of every service write blocks and seal them at once: the chain has all of them, each once.</summary>
[Trait("security", "27")]
public sealed class AuditInstancesTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();
    private TestShop? _twin;

    public async ValueTask InitializeAsync()
    {
        await _shop.InitializeAsync();
        _twin = await _shop.Twin();
    }

    public async ValueTask DisposeAsync()
    {
        await _twin!.DisposeAsync();
        await _shop.DisposeAsync();
    }

    [Fact]
    public async Task Security27_what_several_instances_write_at_once_is_one_chain()
    {
        var product = await _shop.NewProduct(price: 1, stock: 1000);
        var buyers = await _shop.NewCustomers(4, money: 1000);
        for (var round = 0; round < 5; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 80).Select(i =>
            {
                var till = new Person(i % 2 == 0 ? _shop : _twin!, buyers[i % 4].Username, buyers[i % 4].Token);
                return i % 8 < 6 ? till.Buys(product) : till.TopsUp(1);
            }));
            await Task.WhenAll(SealNow(_shop), SealNow(_twin!));
        }

        await AuditedShop.Sealed(_shop);
        var (code, words) = await AuditedShop.Verify(_shop);
        code.ShouldBe(0, words);
        (await _shop.Storage.Number("customers", "SELECT count(*) FROM audit_seals")).ShouldBeGreaterThan(4);
        (await _shop.Storage.Number("sales", """SELECT SUM((LENGTH(entries) - LENGTH(REPLACE(entries, '"subject":', ''))) / LENGTH('"subject":')) FROM audit_blocks WHERE entries LIKE '%sale decided%'""")).ShouldBe(300, "one entry a purchase");
    }

    private static Task SealNow(TestShop shop) => shop.Parts("customers").GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<AuditSealer<CustomersDb>>().Single().SealNext(CancellationToken.None);
}
