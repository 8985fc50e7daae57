namespace Souk.Simulation.Model;

/// <summary>
/// One request on its way through Sales: hold stock, hold money, decide, tell. It may die at any step; the buyer may then send the
/// request again, any number of times.
/// </summary>
internal sealed class Coordinator(Scenario scenario)
{
    private static readonly string[,] Names = { { "Coordinator A1", "Coordinator A2" }, { "Coordinator B1", "Coordinator B2" } };

    public void Steps(State state, int sale, int number, Moves moves)
    {
        var s = state.Sales[sale];
        var stage = s.Coordinators[number];
        void Add(string does, Sale next) =>
            moves.Add(state, new Step(Names[sale, number], sale, does), state.With(sale, next));

        if (stage != Stage.Idle)
        {
            Add("dies", s.Go(number, Stage.Idle));
        }

        if (s.Decision != Outcome.None && stage is Stage.Idle or Stage.Commit or Stage.Abort)
        {
            Tell(s, number, stage, Add);
            return;
        }

        switch (stage)
        {
            case Stage.Idle:
                var first = scenario.InParallel ? Mail.HoldStock | Mail.HoldMoney : Mail.HoldStock;
                Add("starts and asks for a hold", s.Go(number, Stage.Stock).Send(first));
                break;
            case Stage.Stock:
                Next(s, number, Mail.StockHeld, scenario.Breaks(Breach.CommitsWithoutMoney) ? Stage.Commit : Stage.Money, Add);
                break;
            case Stage.Money:
                Next(s, number, Mail.MoneyHeld, Stage.Commit, Add);
                break;
            default:
                TellTooSoon(s, number, stage, Add);
                break;
        }
    }

    /// <summary>
    /// Goes on when the hold is reported. It may also abort at any time: whether it was refused, found another price or has waited too
    /// long makes no difference to the others, so a refusal needs no message here.
    /// </summary>
    private void Next(Sale s, int number, Mail awaited, Stage next, Action<string, Sale> add)
    {
        if (s.Has(awaited))
        {
            var does = awaited == Mail.StockHeld ? "hears that the stock is held" : "hears that the money is held";
            add(does, s.Go(number, next).Send(next == Stage.Money ? Mail.HoldMoney : Mail.Commit));
        }

        var given = s.Go(number, Stage.Abort).Send(Mail.Abort);
        add("gives up and sends ABORTED", scenario.Breaks(Breach.VoidsBeforeAborted) ? given.Send(Mail.EndAborted) : given);
    }

    /// <summary>What stands in the decision row is the outcome, whoever wrote it.</summary>
    private void Tell(Sale s, int number, Stage stage, Action<string, Sale> add)
    {
        if (s.Decision == Outcome.Committed || (stage == Stage.Commit && scenario.Breaks(Breach.TellsItsWish)))
        {
            add("tells the buyer \"bought\"", s.Go(number, Stage.Idle).Send(Mail.Bought));
            return;
        }

        add("sends the voids", s.Send(Mail.EndAborted));
        add("tells the buyer \"refused\"", s.Go(number, Stage.Idle).Send(Mail.Refused));
    }

    private void TellTooSoon(Sale s, int number, Stage stage, Action<string, Sale> add)
    {
        if (stage == Stage.Commit && scenario.Breaks(Breach.BoughtTooSoon))
        {
            add("tells the buyer \"bought\"", s.Go(number, Stage.Idle).Send(Mail.Bought));
        }

        if (stage == Stage.Abort && scenario.Breaks(Breach.RefusedTooSoon))
        {
            add("tells the buyer \"refused\"", s.Go(number, Stage.Idle).Send(Mail.Refused));
        }
    }
}
