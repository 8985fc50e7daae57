namespace Souk.Simulation.Model;

/// <summary>The decision rows of Sales: inserted unless one stands, and never changed.</summary>
internal sealed class Decisions(Scenario scenario)
{
    public void Steps(State state, int sale, Moves moves)
    {
        var s = state.Sales[sale];
        void Add(string does, Sale next) => moves.Add(state, new Step("Sales", sale, does), state.With(sale, next));

        if (s.Has(Mail.Commit))
        {
            Add("receives COMMITTED", Decide(s, Outcome.Committed, scenario.Breaks(Breach.CommitOverwrites)));
        }

        if (s.Has(Mail.Abort))
        {
            Add("receives ABORTED", Decide(s, Outcome.Aborted, scenario.Breaks(Breach.AbortOverwrites)));
        }

        if (s.Has(Mail.Ask))
        {
            var (asked, answer) = Ask(state, sale);
            Add("receives a participant's question and answers it", asked.Sales[sale].Send(answer));
        }

        if (scenario.MayCancel && s.Decision == Outcome.Committed)
        {
            Add("cancels the order", s.Send(Mail.EndCancelled));
        }

        if (scenario.Breaks(Breach.DecisionForgotten))
        {
            Add("crashes and forgets its decision", s with { Decision = Outcome.None });
        }
    }

    /// <summary>Answers a participant, and by that decides what was not decided.</summary>
    public (State State, Mail Answer) Ask(State state, int sale)
    {
        var s = state.Sales[sale];
        var decided = scenario.Breaks(Breach.AskOnlyReads) ? s : Decide(s, Outcome.Aborted, overwrites: false);
        return (state.With(sale, decided), decided.Decision == Outcome.Committed ? Mail.EndCommitted : Mail.EndAborted);
    }

    private static Sale Decide(Sale s, Outcome outcome, bool overwrites) =>
        s.Decision == Outcome.None || overwrites ? s with { Decision = outcome } : s;
}
