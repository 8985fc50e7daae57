namespace Souk.Simulation.Worlds;

/// <summary>What goes wrong in a world, and how often. Each kind of fault is missing in some worlds, so that none hides behind another.</summary>
internal sealed class Faults
{
    public Faults(Dice dice)
    {
        var share = dice.Chance(0.1) ? 0 : 0.6;
        Lost = Rate(0.001, 0.2);
        Doubled = Rate(0.001, 0.2);
        Late = Rate(0.001, 0.2);
        UnknownCommit = Rate(0.002, 0.2);
        Conflict = Rate(0.002, 0.1);
        CrashAStep = Rate(0.0001, 0.01);
        Outages = dice.Chance(share) ? dice.From(1, 4) : 0;
        Crashes = dice.Chance(share) ? dice.From(1, 12) : 0;
        WrongClocks = dice.Chance(share);

        double Rate(double least, double most) => dice.Chance(share) ? least * Math.Pow(most / least, dice.Share()) : 0;
    }

    /// <summary>Whether anything may go wrong; in the end nothing does.</summary>
    public bool On { get; set; } = true;

    /// <summary>The share of messages that never arrive.</summary>
    public double Lost { get; }

    /// <summary>The share of messages that arrive twice.</summary>
    public double Doubled { get; }

    /// <summary>The share of messages that take seconds.</summary>
    public double Late { get; }

    /// <summary>The share of commits of which nobody hears.</summary>
    public double UnknownCommit { get; }

    /// <summary>The share of statements that the database asks to do again.</summary>
    public double Conflict { get; }

    /// <summary>The share of steps at which an instance dies.</summary>
    public double CrashAStep { get; }

    /// <summary>How often a storage goes away.</summary>
    public int Outages { get; }

    /// <summary>How often an instance dies at some moment.</summary>
    public int Crashes { get; }

    /// <summary>Whether clocks are up to an hour wrong.</summary>
    public bool WrongClocks { get; }
}
