using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Souk.Customers;
using Souk.Platform.Events;
using Souk.Platform.Persistence;
using Souk.Testing;

namespace Souk.Tests;

/// <summary>Several instances write to one outbox at once: an event may be committed after one with a higher number was.</summary>
public sealed class OutboxTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task An_event_that_is_committed_late_is_not_passed_over()
    {
        var (early, late) = (await _shop.NewCustomer(), await _shop.NewCustomer());
        foreach (var customer in new[] { early, late })
        {
            await customer.Put("sales", $"/api/v2/carts/{customer.Username}/lines/{await _shop.NewProduct()}", new { quantity = 1 });
        }

        await using var lateOne = await Publishing(late);
        await using var earlyOne = await Publishing(early);
        await earlyOne.CommitAsync();
        var complete = Complete();
        await SomethingElse();
        complete.IsCompleted.ShouldBeFalse("an event with a lower number may still come");

        await lateOne.CommitAsync();

        (await complete).ShouldBe(await _shop.Storage.Number("customers", "SELECT max(id) FROM outbox"));
        await TestShop.Eventually(async () => await _shop.Storage.Number("sales", "SELECT count(*) FROM gone_customers") == 2, "both events are handled");
        (await _shop.Storage.Number("sales", "SELECT count(*) FROM cart_lines")).ShouldBe(0);
    }

    [Fact]
    public async Task An_event_that_never_comes_holds_up_nothing()
    {
        await using var undone = await Publishing(await _shop.NewCustomer());
        await undone.RollbackAsync();

        (await Complete()).ShouldBe(0);
    }

    [Fact]
    public async Task A_subscribers_place_never_goes_back()
    {
        var delivery = _shop.Parts("customers").GetRequiredService<OutboxDelivery<CustomersDb>>();
        foreach (var id in new[] { 700, 500, 900 })
        {
            (await delivery.Advance("somebody", id)).Error.ShouldBeNull();
        }

        (await _shop.Storage.Number("customers", "SELECT last_id FROM deliveries WHERE subscriber = 'somebody'")).ShouldBe(900);
        (await delivery.Advance("somebody", 800)).Error.ShouldBeNull();
        (await _shop.Storage.Number("customers", "SELECT last_id FROM deliveries WHERE subscriber = 'somebody'")).ShouldBe(900);
    }

    /// <summary>An open transaction that has published a customer's deletion.</summary>
    private async Task<NpgsqlTransaction> Publishing(Person customer)
    {
        var connection = (NpgsqlConnection)await _shop.Storage.Open("customers");
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("INSERT INTO outbox (event_id, subject, type, payload, at) VALUES ($1, $2, 'customer_deleted', $3, now())", connection, transaction)
        {
            Parameters = { new() { Value = Guid.CreateVersion7() }, new() { Value = customer.Id.ToString() }, new() { Value = $$"""{"customer_id":"{{customer.Id}}"}""" } },
        };
        await command.ExecuteNonQueryAsync();
        return transaction;
    }

    private Task<long> Complete()
    {
        var parts = _shop.Parts("customers");
        var db = parts.GetRequiredService<IDbContextFactory<CustomersDb>>().CreateDbContext();
        return parts.GetRequiredService<Engine>().LastComplete(db, "outbox", _shop.Clock, CancellationToken.None);
    }

    /// <summary>Enough round trips for anything to end that waits for nothing.</summary>
    private async Task SomethingElse()
    {
        for (var i = 0; i < 50; i++)
        {
            await _shop.Storage.Number("customers", "SELECT count(*) FROM outbox");
        }
    }
}
