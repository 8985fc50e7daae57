namespace Souk.Simulation.Model;

/// <summary>How large a scenario is.</summary>
/// <param name="States">The states that can be reached.</param>
/// <param name="Steps">The steps between them.</param>
/// <param name="Ends">The states in which nothing more can happen.</param>
internal readonly record struct Extent(int States, long Steps, int Ends);

/// <summary>A promise that was broken, and the shortest way there.</summary>
internal sealed record Violation(Promise Promise, IReadOnlyList<Step> Trace, State State)
{
    public override string ToString() =>
        $"{Promise} is broken by:\n{string.Join('\n', Trace.Select((step, i) => $"{i + 1,3}. {step}"))}\n{State}";
}

/// <summary>Visits every state of a scenario, the nearest first, so that a violation is found on a shortest way.</summary>
internal sealed class Explorer
{
    /// <summary>More than any scenario has; a model that outgrows it shall say so before it fills the machine.</summary>
    private const int MostStates = 20_000_000;

    private readonly Moves _moves;
    private readonly Promises _promises;
    private readonly HashSet<State> _seen = [];
    private readonly List<State> _states = [];
    private readonly List<int> _cameFrom = [];

    public Explorer(Scenario scenario)
    {
        _moves = new Moves(scenario);
        _promises = new Promises(scenario, _moves);
        Reach(scenario.Start, -1);
    }

    /// <summary>How the two sales are decided in the states in which nothing more can happen.</summary>
    public HashSet<(Outcome A, Outcome B)> Outcomes { get; } = [];

    /// <summary>Explores until everything is visited or a promise is broken.</summary>
    public (Extent Extent, Violation? Violation) Explore()
    {
        var (steps, ends) = (0L, 0);
        for (var at = 0; at < _states.Count; at++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(_states.Count, MostStates);
            var next = _moves.From(_states[at]);
            foreach (var (_, state) in next)
            {
                if (Visit(at, state) is { } violation)
                {
                    return (new(_states.Count, steps, ends), violation);
                }
            }

            steps += next.Count;
            if (next.Count == 0)
            {
                ends++;
                Outcomes.Add((_states[at].Sales.First.Decision, _states[at].Sales.Second.Decision));
            }
        }

        return (new(_states.Count, steps, ends), null);
    }

    private Violation? Visit(int from, State state)
    {
        var broken = Promises.Broken(_states[from], state);
        if (Reach(state, from))
        {
            broken ??= _promises.Broken(state);
        }

        return broken is { } promise ? new Violation(promise, Trace(from, state), state) : null;
    }

    private bool Reach(State state, int from)
    {
        var isNew = _seen.Add(state);
        if (isNew)
        {
            _states.Add(state);
            _cameFrom.Add(from);
        }

        return isNew;
    }

    private List<Step> Trace(int last, State end)
    {
        var trace = new List<Step>();
        for (var (at, to) = (last, end); at >= 0; (to, at) = (_states[at], _cameFrom[at]))
        {
            trace.Insert(0, _moves.From(_states[at]).First(m => m.State == to).Step);
        }

        return trace;
    }
}
