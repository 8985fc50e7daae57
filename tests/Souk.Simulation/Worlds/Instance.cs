using System.Reflection;
using Microsoft.Extensions.Hosting;
using Souk.Platform.Errors;
using Souk.Platform.Holds;
using Souk.Platform.Hosting;

namespace Souk.Simulation.Worlds;

/// <summary>A place where a service runs. It may die at any step, and starts again later on the same storage and with the same clock.</summary>
internal abstract class Instance(World world, string name, Database database, TimeSpan wrong)
{
    private static readonly MethodInfo Execute = typeof(BackgroundService).GetMethod("ExecuteAsync", BindingFlags.Instance | BindingFlags.NonPublic)!;

    private TimeSpan _wrong = wrong;

    public World World => world;

    public string Name => name;

    public Life? Life { get; private set; }

    public void Start()
    {
        if (Life is { Ended: false })
        {
            return;
        }

        world.Note(Name, "starts", default);
        Life = new Life(world.Timeline, this);
        Life.Run(() =>
        {
            Make(new Clock(world.Timeline, Life, _wrong));
            return true;
        });
    }

    /// <summary>It is gone with all that it knew.</summary>
    public void Crash()
    {
        if (Life is { Ended: false })
        {
            world.Note(Name, "dies", default);
            Life.End();
            database.Forget(Life);
            world.Timeline.After(world.Dice.Time(10, world.Dice.Chance(0.2) ? 40_000 : 3_000), world.Outside, Start);
        }
    }

    /// <summary>The clock leaps ahead. Were it to leap back, holds would wait that much longer, and nothing could be said about their age.</summary>
    public void LeapAhead(TimeSpan time) => _wrong += time;

    /// <summary>What the service is made of, for one life.</summary>
    protected abstract void Make(TimeProvider clock);

    /// <summary>Answers a message.</summary>
    public abstract Task<Answer> Handle(string path, object question);

    /// <summary>A background service as the host would run it, without the host's thread.</summary>
    protected static void Run(BackgroundService service) => Execute.Invoke(service, [CancellationToken.None]);

    /// <summary>Remembers what a participant has said to be void.</summary>
    protected static Answer Ended(Database database, IReadOnlyList<SaleEnd> ends, Result<Done> told)
    {
        if (told.Error is null)
        {
            database.Voided.UnionWith(ends.Where(e => e.Outcome == SaleOutcome.Aborted).Select(e => e.SaleId));
        }

        return Answer.Of(told);
    }

    protected Peers PeersOf(params string[] services) => new(services.ToDictionary(s => s, s => (Peer)new SimulatedPeer(world, s)));
}
