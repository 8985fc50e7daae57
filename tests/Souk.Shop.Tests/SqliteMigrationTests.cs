using Microsoft.Data.Sqlite;
using Souk.Testing;

namespace Souk.Tests;

/// <summary>Migrations that were broken off, where EF Core's own lock outlives the process.</summary>
public sealed class SqliteMigrationTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task A_start_after_a_kill_in_the_middle_of_a_migration_goes_on()
    {
        await _shop.Stop("reviews");
        await using (var db = new SqliteConnection($"Data Source={Path.Combine(_shop.Data, "reviews.db")}"))
        {
            await db.OpenAsync();
            await using var command = db.CreateCommand();
            command.CommandText = """
                DELETE FROM "__EFMigrationsHistory";
                DROP TABLE outbox; DROP TABLE deliveries; DROP TABLE seen_events; DROP TABLE kept_answers;
                CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT OR REPLACE INTO "__EFMigrationsLock" VALUES (1, '2026-01-01');
                """;
            foreach (var table in new[] { "review_reports", "reviews", "rating_summaries", "known_products", "gone_customers" })
            {
                command.CommandText += $"DROP TABLE IF EXISTS {table};";
            }

            await command.ExecuteNonQueryAsync();
        }

        SqliteConnection.ClearAllPools();
        await _shop.StartAgain("reviews");
        (await _shop.Visitor.Get("reviews", "/health/ready")).Code.ShouldBe(200);
    }
}
