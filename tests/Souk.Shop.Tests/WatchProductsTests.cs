using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Souk.Inventory;
using Souk.Inventory.Products;
using Souk.Platform.Hosting;
using Souk.Platform.Values;
using Souk.Testing;

namespace Souk.Tests;

/// <summary>What is remembered of products stays so while this process sells others of them, and goes when another process changes any.</summary>
public sealed class WatchProductsTests : IAsyncLifetime
{
    private const string Path = "/api/v2/products/1";

    private readonly TestShop _shop = new();
    private readonly AnswerCache _answers = new(new StillClock());
    private WatchProducts? _watch;

    private bool IsRemembered => _answers.Find(Path) is not null;

    /// <summary>A watch and a memory of our own beside the service's; it looks when it is told to, and has done so once.</summary>
    public async ValueTask InitializeAsync()
    {
        await _shop.InitializeAsync();
        var parts = _shop.Parts("inventory");
        _watch = new WatchProducts(
            parts.GetRequiredService<IDbContextFactory<InventoryDb>>(), _answers, parts.GetRequiredService<ShopWindow>(), new StillClock(), NullLogger<WatchProducts>.Instance);
        await Look();
        _answers.Keep(Path, new Remembered([], null, "", _answers.Changes, OfMany: false));
        IsRemembered.ShouldBeTrue();
    }

    public ValueTask DisposeAsync()
    {
        _watch?.Dispose();
        return _shop.DisposeAsync();
    }

    [Fact]
    public async Task What_this_process_sells_and_writes_about_it_leaves_it_remembered()
    {
        var (jo, product) = (await _shop.NewCustomer(money: 100), await _shop.NewProduct(price: 5, stock: 5));
        await Look();
        _answers.Keep(Path, new Remembered([], null, "", _answers.Changes, OfMany: false));

        (await jo.Buys(product)).Must(201);
        await TestShop.Eventually(
            async () => await _shop.Storage.Number("inventory", "SELECT (SELECT max(id) FROM audit_blocks) - (SELECT coalesce(max(last_block), 0) FROM audit_seals)") == 0,
            "the audit log is sealed");
        await Look();

        IsRemembered.ShouldBeTrue();
    }

    [Fact]
    public async Task What_another_process_sells_makes_it_forgotten()
    {
        var another = _shop.Parts("inventory").GetRequiredService<IdSource>().Next();
        await _shop.Storage.Run("inventory", $"INSERT INTO product_changes (writer, number) VALUES ('{another}', 1)");
        await Look();
        IsRemembered.ShouldBeFalse();
    }

    [Fact]
    public async Task A_change_by_hand_makes_it_forgotten_whoever_made_it()
    {
        await _shop.NewProduct();
        await Look();
        IsRemembered.ShouldBeFalse();
    }

    [Fact]
    public async Task Stock_that_is_adjusted_makes_it_forgotten_whoever_adjusts_it()
    {
        var product = await _shop.NewProduct();
        await Look();
        _answers.Keep(Path, new Remembered([], null, "", _answers.Changes, OfMany: false));

        (await _shop.Admin.Post("inventory", $"/api/v2/products/{product}/stock-adjustments", new { delta = 7, reason = "received" })).Must(201);
        await Look();

        IsRemembered.ShouldBeFalse();
    }

    [Fact]
    public async Task Everything_is_forgotten_once_a_minute()
    {
        for (var looks = 0; looks < 149; looks++)
        {
            await Look();
        }

        IsRemembered.ShouldBeTrue();
        await Look();
        IsRemembered.ShouldBeFalse();
    }

    private Task Look() => _watch!.Look(default);

    /// <summary>No answer gets too old however slow the machine is.</summary>
    private sealed class StillClock : TimeProvider
    {
        public override long GetTimestamp() => 1;
    }
}
