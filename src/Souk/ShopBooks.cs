using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Customers;
using Souk.Customers.Wallets;
using Souk.Inventory;
using Souk.Inventory.Stock;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Reviews;
using Souk.Reviews.Ratings;
using Souk.Sales;
using Souk.Sales.Orders;

namespace Souk;

/// <summary>
/// The books of the whole shop: each service's by themselves, and all of them sale by sale. It reads the databases side by side,
/// takes about half a kilobyte of memory an order, changes nothing, and may run beside an open shop.
/// </summary>
internal sealed class ShopBooks : IAsyncDisposable
{
    private readonly Dictionary<string, WebApplication> _services;
    private readonly TimeSpan _patience;

    private ShopBooks(Dictionary<string, WebApplication> services, TimeSpan patience) => (_services, _patience) = (services, patience);

    /// <summary>Finds the books of the shop that these settings tell of; no service is started.</summary>
    /// <exception cref="SettingException">There are no such databases, or they are not up to date.</exception>
    public static async Task<ShopBooks> Open(IConfiguration configuration)
    {
        var services = Shop.Services.ToDictionary(s => s.Name, s => ServiceHost.Build(s, configuration));
        var lease = SoukSettings.Number(configuration, "Holds:LeaseSeconds", 30, 1, 3600);
        var books = new ShopBooks(services, TimeSpan.FromSeconds(2 * lease));
        try
        {
            await Require(books.Contexts<CustomersDb>("customers"));
            await Require(books.Contexts<InventoryDb>("inventory"));
            await Require(books.Contexts<SalesDb>("sales"));
            await Require(books.Contexts<ReviewsDb>("reviews"));
            return books;
        }
        catch
        {
            await books.DisposeAsync();
            throw;
        }
    }

    /// <summary>Refuses databases that are not there or not up to date.</summary>
    public static async Task Require<TDb>(IDbContextFactory<TDb> contexts)
        where TDb : ServiceDb
    {
        await using var db = await contexts.CreateDbContextAsync();
        if (!await db.Database.CanConnectAsync())
        {
            throw new SettingException($"There is no database for {typeof(TDb).Name[..^2]}; see Souk:Data, Souk:Database and ConnectionStrings.");
        }

        if ((await db.Database.GetPendingMigrationsAsync()).Any())
        {
            throw new SettingException($"The database of {typeof(TDb).Name[..^2]} is not up to date; start the shop once.");
        }
    }

    /// <summary>
    /// Reads everything and compares. The services' snapshots are not taken at the very same moment, so a sale that goes on
    /// meanwhile can look wrong once; what is wrong for good looks so again.
    /// </summary>
    public async Task<BooksRead> Check()
    {
        var first = await Read();
        if (first.Wrong.Count == 0)
        {
            return first;
        }

        var seen = first.Wrong.Select(d => (d.Kind, d.Id)).ToHashSet();
        var second = await Read();
        return second with { Wrong = [.. second.Wrong.Where(d => seen.Contains((d.Kind, d.Id)))] };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.Values)
        {
            await service.DisposeAsync();
        }
    }

    private IDbContextFactory<TDb> Contexts<TDb>(string service)
        where TDb : ServiceDb => _services[service].Services.GetRequiredService<IDbContextFactory<TDb>>();

    private async Task<BooksRead> Read()
    {
        var due = _services["sales"].Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime - _patience;
        var (money, stock, orders, ratings) = (
            new MoneyBooks(Contexts<CustomersDb>("customers")), new StockBooks(Contexts<InventoryDb>("inventory")), new OrderBooks(Contexts<SalesDb>("sales")), new RatingBooks(Contexts<ReviewsDb>("reviews")));

        // SQLite reads on the thread that asks.
        await Task.WhenAll(Task.Run(() => orders.Read(due)), Task.Run(() => stock.Read(due)), Task.Run(() => money.Read(due)), Task.Run(ratings.Read));
        return new BooksRead(money, stock, orders, ratings, [.. money.Wrong, .. stock.Wrong, .. orders.Wrong, .. ratings.Wrong, .. new SaleComparison(orders.Sales, stock.Sales, money.Sales).Wrong]);
    }
}

/// <summary>The books as they were read.</summary>
/// <param name="Money">The wallets'.</param>
/// <param name="Stock">The stock's.</param>
/// <param name="Orders">The orders'.</param>
/// <param name="Ratings">The ratings'.</param>
/// <param name="Wrong">All that is not as it must be.</param>
internal sealed record BooksRead(MoneyBooks Money, StockBooks Stock, OrderBooks Orders, RatingBooks Ratings, IReadOnlyList<Discrepancy> Wrong);
