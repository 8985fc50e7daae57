using Souk.Platform.Errors;
using Souk.Platform.Hosting;

namespace Souk.Simulation.Worlds;

/// <summary>What came back for a question: an answer, a refusal, or neither.</summary>
/// <param name="Value">The answer.</param>
/// <param name="Error">The refusal.</param>
/// <param name="Came">Whether there is either; false after a lost connection, an instance that is down, or too long a wait.</param>
internal readonly record struct Answer(object? Value, Error? Error, bool Came = true)
{
    public static readonly Answer None = new(null, null, Came: false);

    public static Answer Of<T>(Result<T> result) => result.Refused(out var error, out var value) ? new Answer(null, error) : new Answer(value, null);
}

/// <summary>Brings messages, most of the time: it loses, doubles, delays and so reorders them.</summary>
internal sealed class Network(World world)
{
    /// <summary>Asks some instance of a service, once.</summary>
    /// <param name="service">The service.</param>
    /// <param name="path">What is asked.</param>
    /// <param name="question">The message.</param>
    /// <param name="patience">How long the answer may take.</param>
    /// <param name="late">Hears an answer that came after that.</param>
    public async Task<Answer> Ask(string service, string path, object question, TimeSpan patience, Action<Answer>? late = null)
    {
        var (caller, instance) = (Life.Current, world.Dice.OneOf<Instance>(world.Of(service)));
        var answer = new TaskCompletionSource<Answer>();
        for (var copies = Copies(); copies > 0; copies--)
        {
            world.Timeline.After(Transit(), world.Outside, () => Arrive(instance, path, question, a => Return(caller, () =>
            {
                if (!answer.TrySetResult(a))
                {
                    late?.Invoke(a);
                }
            })));
        }

        world.Timeline.After(patience, caller, () => answer.TrySetResult(Answer.None));
        return await answer.Task;
    }

    private static void Arrive(Instance instance, string path, object question, Action<Answer> answer)
    {
        if (instance.Life is { Ended: false } life)
        {
            life.Post(_ => Serve(instance, path, question, answer), null);
        }
        else
        {
            answer(Answer.None);
        }
    }

    private static async void Serve(Instance instance, string path, object question, Action<Answer> answer)
    {
        try
        {
            answer(await instance.Handle(path, question));
        }
        catch (Exception e)
        {
            instance.World.Threw(e);
            answer(Answer.None);
        }
    }

    private void Return(Life caller, Action take)
    {
        for (var copies = Copies(); copies > 0; copies--)
        {
            world.Timeline.After(Transit(), caller, take);
        }
    }

    private int Copies() => world.Chance(world.Faults.Lost) ? 0 : world.Chance(world.Faults.Doubled) ? 2 : 1;

    private TimeSpan Transit() => world.Chance(world.Faults.Late) ? world.Dice.Time(100, 15_000) : world.Dice.Time(0.1, 3);
}

/// <summary>Another service as an instance reaches it: like the real one it tries three times, so that each question may be heard more than once.</summary>
internal sealed class SimulatedPeer(World world, string service) : Peer
{
    private static readonly TimeSpan CallTime = TimeSpan.FromSeconds(5);

    public override async Task<Result<TAnswer>> Post<TQuestion, TAnswer>(string path, TQuestion question, CancellationToken cancel = default)
    {
        for (var tries = 1; ; tries++)
        {
            var answer = await world.Network.Ask(service, path, question!, CallTime);
            if (answer.Came)
            {
                return answer.Error is not { } error ? (TAnswer)answer.Value!
                    : error.Kind.Status == 503 ? CommonErrors.Busy.With($"{service} is at its limit.") with { RetryAfter = Limits.BusyRetryAfter }
                    : error;
            }

            if (tries == 3)
            {
                return CommonErrors.DependencyUnavailable.With($"{service} does not answer.") with { RetryAfter = Limits.BusyRetryAfter };
            }

            await world.Timeline.Wait(world.Dice.Time(25, 100 * tries));
        }
    }

    public override Task<Result<TAnswer>> Get<TAnswer>(string path, CancellationToken cancel = default) => throw new NotSupportedException(path);

    public override Task<Result<string>> GetText(string path, CancellationToken cancel = default) => throw new NotSupportedException(path);
}
