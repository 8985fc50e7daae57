namespace Souk.Simulation.Model;

/// <summary>One thing that happens.</summary>
internal readonly record struct Step(string Who, int Sale, string Does)
{
    public override string ToString() => $"{Who}: {Does} (sale {(Sale == 0 ? 'A' : 'B')})";
}

/// <summary>All that may happen next in a state.</summary>
internal sealed class Moves(Scenario scenario)
{
    private readonly Coordinator _coordinator = new(scenario);
    private readonly Decisions _decisions = new(scenario);
    private readonly Participant _participant = new(scenario);
    private readonly List<(Step Step, State State)> _next = [];

    /// <summary>The steps that lead to another state; the list is used again by the next call.</summary>
    public IReadOnlyList<(Step Step, State State)> From(State state)
    {
        _next.Clear();
        for (var sale = 0; sale < 2; sale++)
        {
            for (var number = 0; number < scenario.Coordinators[sale]; number++)
            {
                _coordinator.Steps(state, sale, number, this);
            }

            _decisions.Steps(state, sale, this);
            _participant.Steps(state, sale, Participant.Inventory, this);
            _participant.Steps(state, sale, Participant.Customers, this);
        }

        return _next;
    }

    /// <summary>
    /// What comes of a state when every coordinator dies and every message is lost: only the participants' questions are left, and the
    /// events in Sales' outbox.
    /// </summary>
    public State Recovered(State state)
    {
        for (var sale = 0; sale < 2; sale++)
        {
            for (var participant = 0; participant < 2; participant++)
            {
                if (state.Sales[sale].Has(Mail.EndCancelled))
                {
                    state = _participant.End(state, sale, participant, Mail.EndCancelled);
                }

                if (state.Sales[sale].Holds[participant] == HoldState.Held && !scenario.Breaks(Breach.NobodyAsks))
                {
                    var (asked, answer) = _decisions.Ask(state, sale);
                    state = _participant.End(asked, sale, participant, answer);
                }
            }
        }

        return state;
    }

    /// <summary>Notes a step of the state that is looked at.</summary>
    public void Add(State from, Step step, State to)
    {
        if (to != from)
        {
            _next.Add((step, to));
        }
    }
}
