using Microsoft.Data.Sqlite;
using Souk.Testing;

namespace Souk.Tests;

/// <summary>Migrations that were broken off, where EF Core's own lock outlives the process.</summary>
public sealed class SqliteMigrationTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    /// <summary>A migration is one transaction, so a kill leaves those before it and nothing of itself: of the first one nothing at all, of the later ones the first.</summary>
    [Theory]
    [InlineData("%")]
    [InlineData("%\\_AuditLog")]
    public async Task A_start_after_a_kill_in_the_middle_of_a_migration_goes_on(string broken)
    {
        await _shop.Stop("reviews");
        SqliteConnection.ClearAllPools();
        await using (var db = new SqliteConnection($"Data Source={Path.Combine(_shop.Data, "reviews.db")};Foreign Keys=False;Pooling=False"))
        {
            await db.OpenAsync();
            List<string> undone = broken == "%" ? await Tables(db) : ["audit_blocks", "audit_seals", "witnessed_heads"];
            foreach (var table in undone)
            {
                await TestStorage.Run(db, $"DROP TABLE \"{table}\"");
            }

            await TestStorage.Run(db, $"DELETE FROM \"__EFMigrationsHistory\" WHERE \"MigrationId\" LIKE '{broken}' ESCAPE '\\'");
            await TestStorage.Run(db, "CREATE TABLE IF NOT EXISTS \"__EFMigrationsLock\" (\"Id\" INTEGER NOT NULL PRIMARY KEY, \"Timestamp\" TEXT NOT NULL)");
            await TestStorage.Run(db, "INSERT OR REPLACE INTO \"__EFMigrationsLock\" VALUES (1, '2026-01-01')");
        }

        await _shop.StartAgain("reviews");
        (await _shop.Visitor.Get("reviews", "/health/ready")).Must(200);
    }

    /// <summary>The service's own tables; not SQLite's, nor those by which EF Core knows what it has done.</summary>
    private static async Task<List<string>> Tables(SqliteConnection db)
    {
        await using var command = db.CreateCommand();
        command.CommandText = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_\\_EF%' ESCAPE '\\'";
        await using var reader = await command.ExecuteReaderAsync();
        var tables = new List<string>();
        while (await reader.ReadAsync())
        {
            tables.Add(reader.GetString(0));
        }

        return tables;
    }
}
