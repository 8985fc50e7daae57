using System.Globalization;
using System.Runtime.CompilerServices;

namespace Souk.Simulation.Model;

/// <summary>
/// The sale protocol, explored exhaustively: every order of all that can happen, with every message lost, doubled or late.
/// <c>docs/proof.md</c> tells how to read it.
/// </summary>
public class ModelTests(ITestOutputHelper output)
{
    /// <summary>Where each breach does its harm, and the promise that it breaks there.</summary>
    private static readonly Dictionary<Breach, (string Scenario, Promise Promise)> Harm = new()
    {
        [Breach.VoidsBeforeAborted] = ("the last unit", Promise.CommittedIsHeld),
        [Breach.LeaseVoids] = ("the last unit", Promise.CommittedIsHeld),
        [Breach.AskOnlyReads] = ("the last unit", Promise.CommittedIsHeld),
        [Breach.NobodyAsks] = ("the last unit", Promise.RecoveryEnds),
        [Breach.CommitOverwrites] = ("the last unit", Promise.DecisionStands),
        [Breach.AbortOverwrites] = ("the last unit", Promise.DecisionStands),
        [Breach.RefusedTooSoon] = ("the last unit", Promise.RefusedIsAborted),
        [Breach.BoughtTooSoon] = ("the last unit", Promise.BoughtIsCommitted),
        [Breach.TellsItsWish] = ("the last unit", Promise.BoughtIsCommitted),
        [Breach.CommitsWithoutMoney] = ("a wallet for one", Promise.CommittedIsHeld),
        [Breach.NoTombstone] = ("the last unit", Promise.VoidStands),
        [Breach.HoldTakesAgain] = ("the last unit", Promise.BooksBalance),
        [Breach.VoidGivesBackAgain] = ("the last unit", Promise.BooksBalance),
        [Breach.SettleUndoesReturn] = ("the last unit, cancelled", Promise.BooksBalance),
        [Breach.TakesWithoutLooking] = ("the last unit", Promise.NothingNegative),
        [Breach.LinesCheckedAlone] = ("one product on two lines", Promise.NothingNegative),
        [Breach.SomeLinesTaken] = ("one product on two lines", Promise.BooksBalance),
        [Breach.HoldForgotten] = ("the last unit", Promise.CommittedIsHeld),
        [Breach.DecisionForgotten] = ("the last unit", Promise.DecisionStands),
    };

    public static TheoryData<string> Scenarios => [.. Scenario.All.Keys];

    public static TheoryData<Breach> Breaches => [.. Enum.GetValues<Breach>().Except([Breach.None])];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Every_promise_is_kept_in_every_state(string name)
    {
        var scenario = Scenario.All[name];
        var explorer = new Explorer(scenario);
        var (extent, violation) = explorer.Explore();

        var row = string.Create(CultureInfo.InvariantCulture, $"| {name} | {extent.States:N0} | {extent.Steps:N0} |");
        output.WriteLine(row);
        violation.ShouldBeNull($"{violation}");
        explorer.Outcomes.ShouldBe(Possible(scenario), ignoreOrder: true); // A model in which nobody can buy would keep every promise.
        CountDepthFirst(scenario).ShouldBe(extent);
        File.ReadAllText(ProofPage()).ShouldContain(row);
    }

    [Theory]
    [MemberData(nameof(Breaches))]
    public void A_broken_rule_breaks_a_promise(Breach breach)
    {
        var (name, promise) = Harm[breach];
        var (_, violation) = new Explorer(Scenario.All[name] with { Breach = breach }).Explore();

        output.WriteLine($"{breach}, {name}. {violation}");
        violation.ShouldNotBeNull().Promise.ShouldBe(promise);
    }

    /// <summary>There is enough for one sale or the other. Both may be committed only when the first was taken back in between.</summary>
    private static IEnumerable<(Outcome A, Outcome B)> Possible(Scenario scenario) =>
        from a in new[] { Outcome.Committed, Outcome.Aborted }
        from b in new[] { Outcome.Committed, Outcome.Aborted }
        where scenario.MayCancel || a == Outcome.Aborted || b == Outcome.Aborted
        select (a, b);

    /// <summary>
    /// Visits the newest states first, and tells them apart field by field: what can be reached must depend neither on the order nor on
    /// how a state is packed.
    /// </summary>
    private static Extent CountDepthFirst(Scenario scenario)
    {
        var moves = new Moves(scenario);
        var seen = new HashSet<(Two<Sale>, Two<sbyte>, Two<sbyte>)> { Fields(scenario.Start) };
        var waiting = new Stack<State>([scenario.Start]);
        var (steps, ends) = (0L, 0);
        while (waiting.TryPop(out var state))
        {
            var next = moves.From(state);
            steps += next.Count;
            ends += next.Count == 0 ? 1 : 0;
            foreach (var (_, to) in next.Where(m => seen.Add(Fields(m.State))))
            {
                waiting.Push(to);
            }
        }

        return new(seen.Count, steps, ends);

        static (Two<Sale>, Two<sbyte>, Two<sbyte>) Fields(State state) => (state.Sales, state.Stock, state.Wallets);
    }

    private static string ProofPage([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "proof.md");
}
