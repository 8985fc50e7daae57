using Souk.Testing;

namespace Souk.Tests;

/// <summary>A write whose connection is lost inside its COMMIT, before PostgreSQL has made it durable.</summary>
public sealed class LostCommitTests : IAsyncLifetime
{
    private const int Gate = 4711;

    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task A_top_up_whose_commit_is_broken_off_is_done_once()
    {
        var jo = await _shop.NewCustomer();
        await _shop.Storage.Run("customers", $"""
            CREATE FUNCTION wait_at_the_gate() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock({Gate}); RETURN NULL; END';
            CREATE CONSTRAINT TRIGGER wait_at_the_gate AFTER INSERT ON ledger_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_at_the_gate();
            """);
        await using var gate = await _shop.Storage.Open("customers");
        await TestStorage.Run(gate, $"SELECT pg_advisory_lock({Gate})");
        var paying = jo.TopsUp(5, "once");
        try
        {
            await TestShop.Eventually(async () => await Committing() != 0, "the top-up waits inside its commit");
            var first = await Committing();
            await _shop.Storage.Run("customers", $"SELECT pg_terminate_backend({first})");
            await TestShop.Eventually(async () => await Committing() is var second && second != 0 && second != first, "it is done again, and waits once more");
        }
        finally
        {
            await TestStorage.Run(gate, $"SELECT pg_advisory_unlock({Gate})");
        }

        (await paying).Must(201);
        (await jo.TopsUp(5, "once")).Text.ShouldBe((await paying).Text);
        (await jo.Balance()).ShouldBe(5m);
        (await _shop.Storage.Number("customers", "SELECT count(DISTINCT movement_id) FROM ledger_entries")).ShouldBe(1);
    }

    /// <summary>The process of the server that waits inside a commit; 0 when none does.</summary>
    private Task<long> Committing() =>
        _shop.Storage.Number("customers", "SELECT COALESCE(max(pid), 0) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory' AND query ILIKE 'COMMIT%'");
}
