namespace Souk.Simulation.Model;

/// <summary>What must be true whatever happens.</summary>
public enum Promise
{
    /// <summary>No stock and no wallet is ever negative.</summary>
    NothingNegative,

    /// <summary>What is there, held and sold is always as much as there was; the same for the money.</summary>
    BooksBalance,

    /// <summary>Who hears "bought" has a durable COMMITTED.</summary>
    BoughtIsCommitted,

    /// <summary>Who hears "refused" has a durable ABORTED.</summary>
    RefusedIsAborted,

    /// <summary>All requests of one sale hear the same.</summary>
    OneAnswer,

    /// <summary>A decision never changes.</summary>
    DecisionStands,

    /// <summary>Behind COMMITTED stand both holds, until the order is cancelled.</summary>
    CommittedIsHeld,

    /// <summary>A participant that has reported a void holds nothing for that sale again.</summary>
    VoidStands,

    /// <summary>
    /// If everything dies here and every message is lost, the participants' questions alone end each hold by its decision: what was
    /// committed is taken once, what was not costs nothing.
    /// </summary>
    RecoveryEnds,
}

/// <summary>Looks for promises that a state breaks.</summary>
internal sealed class Promises(Scenario scenario, Moves moves)
{
    /// <summary>The promise that a step breaks, or null.</summary>
    public static Promise? Broken(State before, State after)
    {
        for (var sale = 0; sale < 2; sale++)
        {
            if (before.Sales[sale].Decision is not Outcome.None and var decision && after.Sales[sale].Decision != decision)
            {
                return Promise.DecisionStands;
            }
        }

        return null;
    }

    /// <summary>The promise that a state breaks, or null.</summary>
    public Promise? Broken(State state) =>
        IsNegative(state.Stock) || IsNegative(state.Wallets) ? Promise.NothingNegative
        : !Balances(state, Takes) ? Promise.BooksBalance
        : Broken(state.Sales.First) ?? Broken(state.Sales.Second) ?? Unrecovered(state);

    /// <summary>Whether everything has ended, and as decided.</summary>
    private bool IsAtRest(State state) =>
        HasEnded(state.Sales.First) && HasEnded(state.Sales.Second)
        && Balances(state, (sale, _) => sale.Decision == Outcome.Committed && !sale.Has(Mail.EndCancelled));

    private static Promise? Broken(Sale sale) =>
        sale.Has(Mail.Bought | Mail.Refused) ? Promise.OneAnswer
        : sale.Has(Mail.Bought) && sale.Decision != Outcome.Committed ? Promise.BoughtIsCommitted
        : sale.Has(Mail.Refused) && sale.Decision != Outcome.Aborted ? Promise.RefusedIsAborted
        : Broken(sale, Participant.Inventory, Mail.StockVoided) ?? Broken(sale, Participant.Customers, Mail.MoneyVoided);

    private static Promise? Broken(Sale sale, int participant, Mail voided)
    {
        var stands = Takes(sale, participant) || (sale.Has(Mail.EndCancelled) && sale.Holds[participant] == HoldState.Returned);
        return sale.Decision == Outcome.Committed && !stands ? Promise.CommittedIsHeld
            : sale.Has(voided) && Takes(sale, participant) ? Promise.VoidStands
            : null;
    }

    private static bool Takes(Sale sale, int participant) => sale.Holds[participant] is HoldState.Held or HoldState.Settled;

    private static bool HasEnded(Sale sale)
    {
        return Ended(sale.Holds.First) && Ended(sale.Holds.Second);

        bool Ended(HoldState hold) => sale.Decision != Outcome.Committed ? hold is HoldState.None or HoldState.Voided
            : hold == (sale.Has(Mail.EndCancelled) ? HoldState.Returned : HoldState.Settled);
    }

    private static bool IsNegative(Two<sbyte> amounts) => amounts.First < 0 || amounts.Second < 0;

    private Promise? Unrecovered(State state) => IsAtRest(moves.Recovered(state)) ? null : Promise.RecoveryEnds;

    /// <summary>Whether stock and wallets lack exactly what the sales take.</summary>
    private bool Balances(State state, Func<Sale, int, bool> takes)
    {
        var (stock, wallets) = (scenario.Stock, scenario.Wallets);
        for (var sale = 0; sale < 2; sale++)
        {
            var (first, second) = takes(state.Sales[sale], Participant.Inventory) ? scenario.Wanted[sale] : default;
            stock = new((sbyte)(stock.First - first), (sbyte)(stock.Second - second));
            var paid = takes(state.Sales[sale], Participant.Customers) ? 1 : 0;
            wallets = wallets.With(scenario.Payer[sale], (sbyte)(wallets[scenario.Payer[sale]] - paid));
        }

        return state.Stock == stock && state.Wallets == wallets;
    }
}
