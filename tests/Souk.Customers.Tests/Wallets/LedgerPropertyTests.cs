using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using Souk.Customers.Wallets;
using Souk.Platform.Holds;
using Souk.Testing;

namespace Souk.Customers.Tests.Wallets;

/// <summary>Whatever is done to wallets, in whatever order and however often: the ledger does what its model does, and balances.</summary>
public sealed class LedgerPropertyTests : IAsyncLifetime
{
    private const int Customers = 2;
    private const int Sales = 3;
    private const int Cases = 1000;

    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task The_ledger_balances_after_any_operations_in_any_order()
    {
        var stories = Arb.From(Gen.Choose(4, 16).SelectMany(length => Gen.ArrayOf(AnyStep, length)), Shorter);

        await Task.Run(() => Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Cases).WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(20261121, 4711), FSharpOption<int>.None))),
            Prop.ForAll(stories, (Action<Step[]>)(story => Tell(story).GetAwaiter().GetResult()))));

        await using var db = _shop.Database();
        db.Entries.Count().ShouldBeGreaterThan(Cases, "the stories move money");
    }

    private static Gen<Step> AnyStep => Gen.Frequency(
        (6, Of("top up", Amounts)),
        (2, Of("withdraw", Amounts)),
        (2, Of("deduct", Amounts)),
        (6, Of("hold", Gen.Elements(500L, 700L))),
        (3, Of("commit", Gen.Constant(0L))),
        (3, Of("abort", Gen.Constant(0L))),
        (3, Of("cancel", Gen.Constant(0L))),
        (1, Of("delete", Gen.Constant(0L))));

    private static Gen<long> Amounts => Gen.Frequency((12, Gen.Choose(1, 1500).Select(n => (long)n)), (1, Gen.Constant(0L)), (1, Gen.Constant(1_000_000_000_000L)));

    private static Gen<Step> Of(string what, Gen<long> amounts) =>
        from customer in Gen.Choose(0, Customers - 1)
        from sale in Gen.Choose(0, Sales - 1)
        from amount in amounts
        select new Step(what, customer, sale, amount);

    private static IEnumerable<Step[]> Shorter(Step[] story) => Enumerable.Range(0, story.Length).Select(left => story.Where((_, i) => i != left).ToArray());

    private async Task Tell(Step[] story)
    {
        var bench = await LedgerBench.Open(_shop, Customers);
        foreach (var step in story)
        {
            await Do(bench, step);
        }

        await bench.Check();
    }

    private static Task Do(LedgerBench bench, Step step) => step.What switch
    {
        "top up" => Move(bench, step, MovementKind.TopUp),
        "withdraw" => Move(bench, step, MovementKind.Withdrawal),
        "deduct" => Move(bench, step, MovementKind.Deduction),
        "hold" => Same(step, bench.Hold(step.Sale, step.Customer, step.Amount), bench.Model.Hold(step.Sale, step.Customer, step.Amount)),
        "delete" => Same(step, bench.Delete(step.Customer), bench.Model.Delete(step.Customer)),
        "commit" => End(bench, step, SaleOutcome.Committed, bench.Model.Commit),
        "abort" => End(bench, step, SaleOutcome.Aborted, bench.Model.Abort),
        _ => End(bench, step, SaleOutcome.Cancelled, bench.Model.Cancel),
    };

    private static Task Move(LedgerBench bench, Step step, MovementKind kind) =>
        Same(step, bench.Move(step.Customer, kind, step.Amount), bench.Model.Move(step.Customer, kind, step.Amount));

    private static Task End(LedgerBench bench, Step step, SaleOutcome outcome, Action<int> model)
    {
        model(step.Sale);
        return bench.End(step.Sale, outcome);
    }

    private static async Task Same(Step step, Task<string> real, string model) => (await real).ShouldBe(model, step.ToString());

    private sealed record Step(string What, int Customer, int Sale, long Amount);
}
