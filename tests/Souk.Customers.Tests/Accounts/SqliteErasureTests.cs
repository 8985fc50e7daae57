using Microsoft.EntityFrameworkCore;
using Souk.Testing;

namespace Souk.Customers.Tests.Accounts;

/// <summary>What SQLite alone is told about erasing.</summary>
public class SqliteErasureTests(TestShop shop)
{
    [Fact]
    public async Task What_is_erased_is_overwritten_in_the_file()
    {
        await using var db = shop.Database();

        (await db.Database.SqlQueryRaw<int>("SELECT secure_delete AS Value FROM pragma_secure_delete").SingleAsync()).ShouldBe(1);
    }
}
