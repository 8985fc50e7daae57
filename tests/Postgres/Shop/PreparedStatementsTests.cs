using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Sales;
using Souk.Testing;

namespace Souk.Tests;

/// <summary>What is sent again and again is parsed and planned once a connection; a connection string may say otherwise.</summary>
public sealed class PreparedStatementsTests : IAsyncLifetime
{
    private const int MoreThanEnough = 12; // The driver prepares a statement the fifth time.

    private static readonly SetSelect<string, string> Prepared = new("pg_prepared_statements", "(NOT from_sql)::text", "statement", reader => reader.GetString(0));

    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task The_statements_of_a_sale_are_prepared()
    {
        var buyer = await _shop.NewCustomer(money: 100);
        var product = await _shop.NewProduct(price: 1, stock: 100);
        for (var i = 0; i < MoreThanEnough; i++)
        {
            await buyer.Buys(product);
        }

        (await PreparedIn<SalesDb>("sales")).ShouldContain(s => s.StartsWith("INSERT INTO orders ", StringComparison.Ordinal));
        (await PreparedIn<Inventory.InventoryDb>("inventory")).ShouldContain(s => s.StartsWith("INSERT INTO stock_holds ", StringComparison.Ordinal));
        (await PreparedIn<Customers.CustomersDb>("customers")).ShouldContain(s => s.StartsWith("INSERT INTO ledger_entries ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_server_ends_what_a_vanished_machine_has_left_open()
    {
        SetSelect<string, string> setting = new("pg_settings", "name", "setting || unit", reader => reader.GetString(0));
        await using var transaction = await _shop.Parts("sales").GetRequiredService<IStorage<SalesDb>>().BeginSets();
        var patience = transaction.Sql.Ask(setting, ["idle_in_transaction_session_timeout"]);
        await transaction.Sql.Run();

        patience.ShouldBe(["30000ms"]);
        var unlimited = new List<string>();
        await using var snapshot = await Snapshot.Of(_shop.Parts("sales").GetRequiredService<Microsoft.EntityFrameworkCore.IDbContextFactory<SalesDb>>());
        await snapshot.Each("SELECT current_setting('idle_in_transaction_session_timeout')", row => unlimited.Add(row.GetString(0)));
        unlimited.ShouldBe(["0"], "whoever reads slowly from a snapshot keeps nobody waiting");
        var ended = new PostgresException("terminating connection due to idle-in-transaction timeout", "FATAL", "FATAL", "25P03");
        (PostgresFaults.Of(ended), PostgresFaults.Broken(ended)).ShouldBe((StorageFault.Again, true));
    }

    [Fact]
    public void Connections_are_bounded_and_prepare_unless_the_setting_says_otherwise()
    {
        var silent = new NpgsqlConnectionStringBuilder("Host=there");
        PostgresEngine.Bound(silent);
        silent.MaxPoolSize.ShouldBe(Limits.DatabaseConnections);
        silent.MaxAutoPrepare.ShouldBe(Limits.PreparedStatements);

        var told = new NpgsqlConnectionStringBuilder("Host=there;Maximum Pool Size=7;Max Auto Prepare=0");
        PostgresEngine.Bound(told);
        told.MaxPoolSize.ShouldBe(7);
        told.MaxAutoPrepare.ShouldBe(0);

        var warm = new NpgsqlConnectionStringBuilder("Host=there;Minimum Pool Size=50");
        PostgresEngine.Bound(warm);
        warm.MaxPoolSize.ShouldBe(50, "the driver refuses a pool that may hold less than it must");
    }

    /// <summary>What the connection that the set writer uses next has prepared.</summary>
    private async Task<List<string>> PreparedIn<TDb>(string service)
        where TDb : ServiceDb
    {
        await using var transaction = await _shop.Parts(service).GetRequiredService<IStorage<TDb>>().BeginSets();
        var statements = transaction.Sql.Ask(Prepared, ["true"]);
        await transaction.Sql.Run();
        return statements;
    }
}
