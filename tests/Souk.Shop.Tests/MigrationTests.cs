using Microsoft.EntityFrameworkCore.Migrations;
using Souk.Reviews;

namespace Souk.Tests;

/// <summary>The schema is made by whoever starts first.</summary>
public sealed class MigrationTests : IAsyncLifetime
{
    private readonly StartingShop _shop = new("reviews");

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Instances_that_start_at_once_migrate_once()
    {
        var instances = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(_shop.Start)));

        var migrations = typeof(ReviewsService).Assembly.GetTypes().Count(t => t.IsSubclassOf(typeof(Migration)));
        (await _shop.Storage.Number("reviews", "SELECT count(*) FROM \"__EFMigrationsHistory\"")).ShouldBe(migrations);
        foreach (var instance in instances)
        {
            await instance.DisposeAsync();
        }
    }
}
