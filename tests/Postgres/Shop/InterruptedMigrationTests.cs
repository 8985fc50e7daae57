using Npgsql;
using Souk.Platform.Hosting;
using Souk.Testing;

namespace Souk.Tests;

/// <summary>A migration that is broken off leaves nothing behind, and the next start does it.</summary>
public sealed class InterruptedMigrationTests : IAsyncLifetime
{
    private readonly StartingShop _shop = new("reviews");

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task A_start_after_a_kill_in_the_middle_of_a_migration_goes_on()
    {
        // A table of that name in an open transaction stops the migration half-way, where it waits.
        await using var stone = (NpgsqlConnection)await _shop.Storage.Open("reviews");
        await using var open = await stone.BeginTransactionAsync();
        await Run(stone, "CREATE TABLE reviews (id int)");
        var start = _shop.Start();
        await TestShop.Eventually(async () => await Waiting(), "the migration waits half-way");

        await _shop.Storage.Run("reviews", $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {Blocked}");
        await Should.ThrowAsync<Exception>(() => start);
        await open.RollbackAsync();

        (await _shop.Storage.Number("reviews", "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_\\_%'")).ShouldBe(0, "what was built goes with the transaction");
        await using var shop = await _shop.Start();
        (await _shop.Storage.Number("reviews", "SELECT count(*) FROM reviews")).ShouldBe(0);
    }

    [Theory]
    [InlineData("synchronous_commit", "off")]
    public async Task A_database_that_forgets_confirmed_sales_is_refused(string setting, string value)
    {
        await _shop.Storage.Run("reviews", $"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET {setting} = {value}', current_database()); END $$");

        (await Should.ThrowAsync<SettingException>(_shop.Start)).Message.ShouldStartWith("ConnectionStrings:Reviews: ");
    }

    private const string Blocked = "datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()";

    private async Task<bool> Waiting() => await _shop.Storage.Number("reviews", $"SELECT count(*) FROM pg_stat_activity WHERE {Blocked}") == 1;

    private static async Task Run(NpgsqlConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statement stands above.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
