using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.FSharp.Core;
using Souk.Contracts;
using Souk.Inventory.Products;
using Souk.Inventory.Stock;
using Souk.Platform.Errors;
using Souk.Platform.Holds;
using Souk.Platform.Values;
using Souk.Testing;

namespace Souk.Inventory.Tests;

/// <summary>A thousand made-up histories of stock, each beside a model that does the same in memory.</summary>
public class StockPropertyTests(TestShop shop)
{
    private const int Products = 2;
    private static readonly long[] Start = [6, 9];
    private static readonly Guid By = Guid.CreateVersion7(DateTimeOffset.UnixEpoch);

    private int _cases;

    [Fact]
    public async Task What_can_be_bought_is_what_came_less_what_sales_have_and_never_below_zero()
    {
        var always = Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(25)
            .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(20261121, 11), FSharpOption<int>.None)));

        await Task.Run(() => Check.One(always, Prop.ForAll(Histories, steps => Holds(steps).GetAwaiter().GetResult())));

        _cases.ShouldBeGreaterThanOrEqualTo(1000);
    }

    private static Arbitrary<Step[]> Histories
    {
        get
        {
            var product = Gen.Choose(0, Products - 1);
            var sale = Gen.Choose(0, 3);
            var line = Gen.Zip(product, Gen.Choose(1, 4), (p, q) => (p, q));
            var lines = Gen.Choose(1, 3).SelectMany(n => Gen.ArrayOf(line, n));
            var delta = Gen.Frequency((9, Gen.Choose(-8, 8).Where(d => d != 0)), (1, Gen.Elements(1_000_000_000, -1_000_000_000)));
            var step = Gen.Frequency(
                (3, Gen.Zip(product, delta, (p, d) => (Step)new Step.Adjust(p, d))),
                (2, Gen.Zip(product, Gen.Choose(0, 12), (p, n) => (Step)new Step.Count(p, n))),
                (7, Gen.Zip(sale, lines, (s, l) => (Step)new Step.Hold(s, l))),
                (7, Gen.Zip(sale, Gen.Elements(Enum.GetValues<SaleOutcome>()), (s, o) => (Step)new Step.End(s, o))),
                (1, Gen.Zip(product, Gen.Choose(1, 9999), (p, c) => (Step)new Step.Price(p, c))),
                (1, Gen.Zip(product, Gen.Choose(0, 3), (p, n) => n == 0 ? (Step)new Step.Delete(p) : new Step.Price(p, 1 + n))));
            var twice = Gen.Zip(step, Gen.Choose(0, 4), (s, n) => n == 0 ? new[] { s, s } : [s]);
            return Arb.ToArbitrary(Gen.NonEmptyListOf(twice).Select(s => s.SelectMany(x => x).ToArray()), Shorter);
        }
    }

    /// <summary>A failing history is shown without the steps that it does not need.</summary>
    private static IEnumerable<Step[]> Shorter(Step[] steps) => steps.Select((_, i) => steps.Where((_, j) => j != i).ToArray()).Where(s => s.Length > 0);

    private async Task<bool> Holds(Step[] steps)
    {
        Interlocked.Increment(ref _cases);
        var parts = shop.Parts("inventory");
        var model = new StockModel(Start);
        var ids = await Task.WhenAll(Start.Select(async n => (await parts.GetRequiredService<AddProduct>().Run(New(n), By, null)).Value.Id));
        var sales = Enumerable.Range(0, 4).Select(_ => Guid.CreateVersion7(shop.Clock.GetUtcNow())).ToArray();

        var answers = new List<string?>();
        foreach (var step in steps)
        {
            answers.Add(await Do(parts, step, ids, sales));
        }

        answers.ShouldBe(steps.Select(model.Do), string.Join("; ", steps.AsEnumerable()));
        await Compare(parts, ids, model, steps);
        return true;
    }

    private static async Task Compare(IServiceProvider parts, long[] ids, StockModel model, Step[] steps)
    {
        await using var db = await parts.GetRequiredService<IDbContextFactory<InventoryDb>>().CreateDbContextAsync();
        for (var p = 0; p < ids.Length; p++)
        {
            var id = ids[p];
            var available = await db.Products.Where(x => x.Id == id).Select(x => x.Available).SingleAsync();
            var byHand = await db.Adjustments.Where(a => a.ProductId == id).SumAsync(a => a.Delta);
            var holds = await db.Holds.Where(h => h.State == HoldState.Held || h.State == HoldState.Settled).Select(h => h.Lines).ToListAsync();
            var withSales = holds.SelectMany(lines => lines).Where(l => l.ProductId == id).Sum(l => (long)l.Quantity);
            (available, byHand, withSales).ShouldBe((model.Available[p], model.ByHand[p], model.WithSales[p]), string.Join("; ", steps.AsEnumerable()));
            available.ShouldBe(byHand - withSales);
            available.ShouldBeGreaterThanOrEqualTo(0);
        }
    }

    private static Task<string?> Do(IServiceProvider parts, Step step, long[] ids, Guid[] sales) => step switch
    {
        Step.Adjust a => Code(parts.GetRequiredService<AdjustStock>().Run(ids[a.Product], new NewAdjustment { Delta = a.Delta, Reason = StockReason.Correction }, By, null)),
        Step.Count c => Code(parts.GetRequiredService<ChangeProduct>().Run(ids[c.Product], new ProductPatch(), c.To, By, null)),
        Step.Price p => Code(parts.GetRequiredService<ChangeProduct>().Run(ids[p.Product], new ProductPatch { Price = new Money(p.Cents) }, null)),
        Step.Delete d => Code(parts.GetRequiredService<DeleteProduct>().Run(ids[d.Product])),
        Step.Hold h => Held(parts.GetRequiredService<StockForSales>().Hold(
            new HoldStock(sales[h.Sale], h.Fingerprint, [.. h.Lines.Select(l => new WantedLine(ids[l.Product], l.Quantity))]))),
        Step.End e => Code(End(parts, sales[e.Sale], e.Outcome)),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "No such step."),
    };

    private static Task<Result<Done>> End(IServiceProvider parts, Guid sale, SaleOutcome outcome) =>
        parts.GetRequiredService<StockForSales>().End([new SaleEnd(sale, outcome)]);

    private static async Task<string?> Held(Task<StockHeld[]> hold) => (await hold)[0].Refused?.Code;

    private static async Task<string?> Code<T>(Task<Result<T>> run) => (await run).Error?.Kind.Code;

    private static NewProduct New(long stock) => new() { Name = "Property", Category = Category.Food, Price = new Money(100), Description = "", Stock = stock };
}
