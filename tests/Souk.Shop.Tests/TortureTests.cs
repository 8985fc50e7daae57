using Souk.Platform.Hosting;
using Souk.Testing;
using Souk.Torture;

namespace Souk.Tests;

/// <summary>The torture at work: real processes that are killed, buyers who ask again, books that are compared.</summary>
public sealed class TortureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("souk-torture-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_shop_whose_processes_are_killed_keeps_its_promises()
    {
        await RequireDatabase();

        (await Torture("--kills", "2", "--buyers", "2", "--data", _folder)).ShouldBe(0);

        Directory.GetFiles(Path.Combine(_folder, "logs")).ShouldNotBeEmpty();
    }

    [Fact]
    public void Half_of_its_blows_kill_one_process_and_half_several_up_to_all()
    {
        var random = new Random(1);

        var blows = Enumerable.Range(0, 1000).Select(_ => TortureRun.AtOnce(random, 4)).ToLookup(killed => killed);

        blows[1].Count().ShouldBeInRange(450, 550);
        blows.Select(b => b.Key).Order().ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public async Task A_folder_with_something_in_it_is_left_alone()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "mine"), "");

        (await Torture("--data", _folder)).ShouldBe(1);

        Directory.GetFileSystemEntries(_folder).Length.ShouldBe(1);
    }

    [Fact]
    public async Task It_notices_an_order_that_is_lost_doubled_or_charged_wrongly()
    {
        await RequireDatabase();
        await using var shop = await TorturedShop.Open(_folder, Database);
        await using var crowd = await Crowd.Enter(shop, 2, 1);
        crowd.Start();
        (await crowd.More(t => t["bought"], 5, TimeSpan.FromMinutes(1))).ShouldBeTrue();
        await crowd.Stop();
        var (books, wrong) = await TortureRun.Quiet(shop, crowd);
        wrong.ShouldBeEmpty();
        var buyer = crowd.Buyers[0];
        var bought = buyer.Purchases.First(p => p.Told?.Status == 201 && !p.CancelAsked);

        Kinds(new ToldComparison(books.Orders.Sales.Where(s => s.Key != bought.SaleId).ToDictionary(), crowd.Buyers)).ShouldBe(["bought_told"], "an order is lost");
        Kinds(new ToldComparison(books.Orders.Sales, [.. crowd.Buyers.Skip(1)])).Distinct().ShouldBe(["order_nobody_placed"], "orders that no buyer knows of");
        bought.Told = bought.Told! with { Status = 409, Body = System.Text.Json.JsonSerializer.SerializeToElement(new { code = "out_of_stock" }) };
        Kinds(new ToldComparison(books.Orders.Sales, crowd.Buyers)).ShouldBe(["refused_told"], "a refused order was sold");
        bought.Told = null;
        bought.CancelTold = new Told(200, default);
        Kinds(new ToldComparison(books.Orders.Sales, crowd.Buyers)).ShouldBe(["cancel_told"], "a cancelled order stands");
        var uncharged = new ToldComparison(books.Orders.Sales.Where(s => s.Key != bought.SaleId).ToDictionary(), [buyer]);
        await uncharged.CompareWallet(buyer);
        Kinds(uncharged).ShouldContain("wallet_told", "money went where no order is");
    }

    private static DatabaseKind Database => TestStorage.OnPostgres ? DatabaseKind.Postgres : DatabaseKind.Sqlite;

    private static IEnumerable<string> Kinds(ToldComparison told) => told.Wrong.Select(d => d.Kind);

    private static Task<int> Torture(params string[] arguments) =>
        TortureCommand.Build().Parse([.. arguments, "--database", TestStorage.OnPostgres ? "postgres" : "sqlite"]).InvokeAsync();

    /// <summary>Skips where PostgreSQL is needed and missing.</summary>
    private static async Task RequireDatabase()
    {
        if (TestStorage.OnPostgres)
        {
            await PostgresCluster.Private();
        }
    }
}
