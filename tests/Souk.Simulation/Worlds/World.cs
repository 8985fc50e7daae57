using System.Globalization;
using Souk.Platform.Holds;
using Souk.Platform.Persistence;
using Souk.Platform.Values;

namespace Souk.Simulation.Worlds;

/// <summary>A shop and its buyers, for as long as something goes wrong and until it has fallen quiet. Its seed decides all of it.</summary>
internal sealed class World
{
    private const long MostSteps = 3_000_000;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(3);

    private readonly Instance[] _instances;

    public World(ulong seed, Action<string>? read = null)
    {
        Dice = new Dice(seed);
        Trace = new Trace(read);
        Timeline = new Timeline(Dice) { DiesNow = DiesNow };
        Outside = new Life(Timeline);
        Faults = new Faults(Dice);
        Lease = new Lease(Dice.OneOf(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)));
        Ids = new SimulatedIds(Dice);
        Network = new Network(this);

        // As on SQLite, one writer and one instance; or as on PostgreSQL, two writers and perhaps two instances.
        var (writers, count) = Dice.OneOf((1, 1), (2, 1), (2, 2));
        (Stock, Money, Sales) = (new StockDatabase(this, writers), new MoneyDatabase(this, writers), new DecisionDatabase(this, writers));
        _instances = [.. Enumerable.Range(1, count).SelectMany(n => new Instance[] { new InventoryInstance(this, n, Wrong()), new CustomersInstance(this, n, Wrong()), new SalesInstance(this, n, Wrong()) })];
        Plan = new Plan(this);
    }

    public Dice Dice { get; }

    public Timeline Timeline { get; }

    /// <summary>The life of all that does not crash.</summary>
    public Life Outside { get; }

    public Trace Trace { get; }

    public Faults Faults { get; }

    public Network Network { get; }

    public Lease Lease { get; }

    public IdSource Ids { get; }

    public StockDatabase Stock { get; }

    public MoneyDatabase Money { get; }

    public DecisionDatabase Sales { get; }

    public Plan Plan { get; }

    /// <summary>The promise that was broken first, or null.</summary>
    public string? Broken { get; private set; }

    public Jitter Jitter() => new((int)Dice.Next());

    public bool Chance(double share) => Faults.On && share > 0 && Dice.Chance(share);

    /// <summary>The instances of a service.</summary>
    public Instance[] Of(string service) => Array.FindAll(_instances, i => i.Name.StartsWith(service, StringComparison.Ordinal));

    public void Note(string who, string what, Guid which) => Trace.Note(Timeline.Now, who, what, which);

    /// <summary>A promise is broken.</summary>
    public void Break(string how)
    {
        if (Broken is null)
        {
            Broken = how;
            Note("promise", "is broken", default);
        }
    }

    /// <summary>Something threw. A storage that fails is no surprise; everything else is a bug.</summary>
    public void Threw(Exception e)
    {
        if (e is not (ConflictException or AwayException))
        {
            Break($"Something threw: {e}");
        }
    }

    /// <summary>Lets it all happen; the promise that was broken, or null.</summary>
    public string? Run()
    {
        Array.ForEach(_instances, i => i.Start());
        Plan.Begin();
        var troubles = new Troubles(this, _instances);
        troubles.Begin();
        Until(Plan.Length);
        troubles.End();
        Until(Longest, () => Plan.AllTold);
        if (!Plan.AllTold)
        {
            Break("A buyer gets no final answer though nothing goes wrong any more.");
        }

        // Sweepers look once a second; a message or a retry may still be on its way.
        Until(Timeline.Now + (2 * Lease.Time) + TimeSpan.FromSeconds(30));
        if (Broken is null)
        {
            Promises.Quiet(this);
        }

        return Broken;
    }

    private void Until(TimeSpan end, Func<bool>? done = null)
    {
        while (Broken is null && done?.Invoke() != true && Timeline.Step(end))
        {
            if (Timeline.Strayed is { } where)
            {
                Break($"Something went on outside of the simulation: {where}");
            }
            else if (Timeline.Steps > MostSteps)
            {
                Break("It never falls quiet.");
            }
        }
    }

    private bool DiesNow(Life life)
    {
        if (life.Of is not { } instance || !Chance(Faults.CrashAStep))
        {
            return false;
        }

        instance.Crash();
        return true;
    }

    private TimeSpan Wrong() => Faults.WrongClocks ? Dice.Time(-3_600_000, 3_600_000) : TimeSpan.Zero;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Trace.Hash:x16} after {Timeline.Steps} steps");

    private sealed class SimulatedIds(Dice dice) : IdSource(TimeProvider.System)
    {
        public override Guid Next() => dice.Id();
    }
}
