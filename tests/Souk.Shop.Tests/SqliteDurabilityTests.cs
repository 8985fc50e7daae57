using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Souk.Platform.Persistence;
using Souk.Sales;
using Souk.Testing;

namespace Souk.Tests;

/// <summary>What SQLite says is stored is on the disk: killed processes can't show that, only a power cut would.</summary>
public sealed class SqliteDurabilityTests(TestShop shop)
{
    private const long Full = 2; // https://www.sqlite.org/pragma.html#pragma_synchronous

    private static readonly SetSelect<long, long> Synchronous = new("pragma_synchronous", "synchronous", "synchronous", row => row.GetInt64(0));

    [Fact]
    public async Task Both_writers_wait_for_the_disk()
    {
        var parts = shop.Parts("sales");
        await using var db = await parts.GetRequiredService<IDbContextFactory<SalesDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        (await db.Database.SqlQueryRaw<long>("SELECT synchronous AS \"Value\" FROM pragma_synchronous").ToListAsync(TestContext.Current.CancellationToken)).ShouldBe([Full]);

        await using var sets = await parts.GetRequiredService<IStorage<SalesDb>>().BeginSets();
        var set = sets.Sql.Ask(Synchronous, [0, 1, Full, 3]);
        await sets.Sql.Run();
        set.ShouldBe([Full]);
    }
}
