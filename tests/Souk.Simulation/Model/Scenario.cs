namespace Souk.Simulation.Model;

/// <summary>What there is to buy and who wants it. Every sale costs one coin.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Stock">How many there are of each product.</param>
/// <param name="Wanted">How many of each product each sale is for.</param>
/// <param name="Wallets">The coins in each wallet.</param>
/// <param name="Payer">The wallet of each sale.</param>
internal sealed record Scenario(string Name, Two<sbyte> Stock, Two<Two<sbyte>> Wanted, Two<sbyte> Wallets, Two<int> Payer)
{
    /// <summary>How many requests of each sale may be under way at once: sale A is sent twice, its rival once.</summary>
    public Two<int> Coordinators => new(2, 1);

    /// <summary>Whether a coordinator asks for stock and money at once.</summary>
    public bool InParallel { get; init; }

    /// <summary>Whether a committed order may be cancelled.</summary>
    public bool MayCancel { get; init; }

    /// <summary>The rule that is broken.</summary>
    public Breach Breach { get; init; }

    /// <summary>Nothing has happened yet.</summary>
    public State Start => new(default, Stock, Wallets);

    /// <summary>All scenarios, by name.</summary>
    public static IReadOnlyDictionary<string, Scenario> All { get; } = new Scenario[]
    {
        new("the last unit", Stock: new(1, 0), Wanted: new(new(1, 0), new(1, 0)), Wallets: new(2, 2), Payer: new(0, 1)),
        new("the last unit, holds in parallel", new(1, 0), new(new(1, 0), new(1, 0)), new(2, 2), new(0, 1)) { InParallel = true },
        new("the last unit, cancelled", new(1, 0), new(new(1, 0), new(1, 0)), new(2, 2), new(0, 1)) { MayCancel = true },
        new("carts of two lines", new(1, 1), new(new(1, 1), new(1, 1)), new(1, 1), new(0, 1)),
        new("one product on two lines", new(1, 2), new(new(1, 2), new(0, 1)), new(1, 1), new(0, 1)),
        new("a wallet for one", new(3, 0), new(new(1, 0), new(1, 0)), new(1, 0), new(0, 0)),
    }.ToDictionary(s => s.Name);

    public bool Breaks(Breach rule) => Breach == rule;
}
