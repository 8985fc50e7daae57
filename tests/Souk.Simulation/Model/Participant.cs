namespace Souk.Simulation.Model;

/// <summary>Inventory and Customers: what they hold for a sale, and how a hold ends.</summary>
internal sealed class Participant(Scenario scenario)
{
    public const int Inventory = 0;
    public const int Customers = 1;

    private static readonly string[] Names = ["Inventory", "Customers"];

    public void Steps(State state, int sale, int participant, Moves moves)
    {
        var s = state.Sales[sale];
        void Add(string does, State next) => moves.Add(state, new Step(Names[participant], sale, does), next);

        if (s.Has(Of(Mail.HoldStock, participant)))
        {
            Add("receives the request to hold", Hold(state, sale, participant));
        }

        if (s.Holds[participant] == HoldState.Held)
        {
            Expire(state, sale, participant, Add);
        }

        Receive(Mail.EndCommitted, "receives the settle");
        Receive(Mail.EndAborted, "receives the void");
        Receive(Mail.EndCancelled, "receives the cancellation");

        void Receive(Mail end, string does)
        {
            if (s.Has(end))
            {
                Add(does, End(state, sale, participant, end));
            }
        }
    }

    /// <summary>Ends a hold. Each end may come late, twice, or before the hold itself.</summary>
    public State End(State state, int sale, int participant, Mail end)
    {
        var s = state.Sales[sale];
        return (s.Holds[participant], end) switch
        {
            (HoldState.None, Mail.EndAborted) when scenario.Breaks(Breach.NoTombstone) => state.With(sale, Voided(HoldState.None)),
            (HoldState.None, Mail.EndAborted) => state.With(sale, Voided(HoldState.Voided)),
            (HoldState.Held, Mail.EndAborted) => Take(state, sale, participant, -1).With(sale, Voided(HoldState.Voided)),
            (HoldState.Voided, Mail.EndAborted) when scenario.Breaks(Breach.VoidGivesBackAgain) => Take(state, sale, participant, -1),
            (HoldState.Held, Mail.EndCommitted) => state.With(sale, s.Set(participant, HoldState.Settled)),
            (HoldState.Returned, Mail.EndCommitted) when scenario.Breaks(Breach.SettleUndoesReturn) =>
                state.With(sale, s.Set(participant, HoldState.Settled)),
            (HoldState.Held or HoldState.Settled, Mail.EndCancelled) =>
                Take(state, sale, participant, -1).With(sale, s.Set(participant, HoldState.Returned)),
            _ => state,
        };

        Sale Voided(HoldState hold) => s.Set(participant, hold).Send(Of(Mail.StockVoided, participant));
    }

    /// <summary>The lease runs out, which it may at any moment, because clocks may be wrong: the participant asks.</summary>
    private void Expire(State state, int sale, int participant, Action<string, State> add)
    {
        var s = state.Sales[sale];
        if (!scenario.Breaks(Breach.NobodyAsks))
        {
            add("asks how the sale ended", state.With(sale, s.Send(Mail.Ask)));
        }

        if (scenario.Breaks(Breach.LeaseVoids))
        {
            add("voids a hold whose lease ran out", End(state, sale, participant, Mail.EndAborted));
        }

        if (scenario.Breaks(Breach.HoldForgotten))
        {
            add("crashes and forgets its hold", Take(state, sale, participant, -1).With(sale, s.Set(participant, HoldState.None)));
        }
    }

    /// <summary>Takes all lines or none. The same sale again finds its hold and takes nothing; a voided one is refused.</summary>
    private State Hold(State state, int sale, int participant)
    {
        var s = state.Sales[sale];
        var again = s.Holds[participant] == HoldState.Held && scenario.Breaks(Breach.HoldTakesAgain);
        if (s.Holds[participant] != HoldState.None && !again)
        {
            return state;
        }

        if (IsEnough(state, sale, participant))
        {
            var held = s.Set(participant, HoldState.Held).Send(Of(Mail.StockHeld, participant));
            return Take(state, sale, participant, 1).With(sale, held);
        }

        var first = scenario.Wanted[sale].First;
        return scenario.Breaks(Breach.SomeLinesTaken) && participant == Inventory && state.Stock.First >= first
            ? state with { Stock = state.Stock.With(0, (sbyte)(state.Stock.First - first)) }
            : state;
    }

    private bool IsEnough(State state, int sale, int participant)
    {
        if (scenario.Breaks(Breach.TakesWithoutLooking))
        {
            return true;
        }

        if (participant == Customers)
        {
            return state.Wallets[scenario.Payer[sale]] >= 1;
        }

        var (first, second) = scenario.Wanted[sale];
        var most = scenario.Breaks(Breach.LinesCheckedAlone) ? 1 : int.MaxValue;
        return state.Stock.First >= Math.Min(first, most) && state.Stock.Second >= Math.Min(second, most);
    }

    /// <summary>Takes what a sale is for out of the stock or the wallet; a negative number of times gives it back.</summary>
    private State Take(State state, int sale, int participant, int times)
    {
        if (participant == Customers)
        {
            var payer = scenario.Payer[sale];
            return state with { Wallets = state.Wallets.With(payer, (sbyte)(state.Wallets[payer] - times)) };
        }

        var (first, second) = scenario.Wanted[sale];
        var (left, right) = state.Stock;
        return state with { Stock = new((sbyte)(left - (times * first)), (sbyte)(right - (times * second))) };
    }

    /// <summary>A participant's message, given Inventory's.</summary>
    private static Mail Of(Mail stock, int participant) => (Mail)((int)stock << participant);
}
