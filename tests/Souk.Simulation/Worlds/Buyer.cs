using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Values;
using Souk.Sales.Orders;

namespace Souk.Simulation.Worlds;

/// <summary>
/// One who buys: sends a request with a key, runs out of patience, sends it again, also while the first is under way and to another
/// instance, and never forgets what it was told.
/// </summary>
internal sealed class Buyer
{
    private readonly World _world;
    private readonly Request _request;
    public Buyer(World world, Plan plan, CustomerCard customer, string key, TimeSpan start)
    {
        (_world, Key, Start) = (world, key, start);
        var dice = world.Dice;
        var lines = Enumerable.Range(0, dice.OneOf(1, 1, 1, 2, 3)).Select(_ => new WantedLine(dice.OneOf<long>(plan.Products), dice.From(1, 3))).ToArray();
        var total = lines.Aggregate(Money.Zero, (sum, l) => sum + (world.Stock.Products.Rows[l.ProductId].Price * l.Quantity));
        _request = new Request(customer, dice.Chance(0.97) ? key : null, dice.Chance(0.95) ? lines : null, dice.Chance(0.3) ? total : null);
    }

    public string Key { get; }

    public TimeSpan Start { get; }

    public Request Request => _request;

    /// <summary>What it was told for good; null until then.</summary>
    public Answer? Told { get; private set; }

    /// <summary>Whether it knows how it ended. Without a key nobody can ask again.</summary>
    public bool Knows { get; private set; }

    /// <summary>Buys, whatever it takes.</summary>
    public void Begin() => _ = Buy();

    private async Task Buy()
    {
        try
        {
            await Insist();
            Knows = true;
        }
        catch (Exception e)
        {
            _world.Break($"A buyer threw: {e}");
        }
    }

    private async Task Insist()
    {
        var dice = _world.Dice;
        while (_request.Key is not null && (Told is null || (_world.Faults.On && dice.Chance(0.3))))
        {
            if (dice.Chance(0.2))
            {
                // At the same time a second time, as a nervous finger or a proxy does.
                await Task.WhenAll(Send(), Send());
            }
            else
            {
                await Send();
            }

            await _world.Timeline.Wait(dice.Time(1, 2_000));
        }

        if (_request.Key is null)
        {
            await Send();
        }

        if (Told is { Value: OrderView order } && _world.Faults.On && dice.Chance(0.2))
        {
            await _world.Network.Ask("sales", "/cancellation", order.Id, TimeSpan.FromSeconds(5));
        }
    }

    private async Task Send()
    {
        _world.Note(Key, "sends", default);
        Hear(await _world.Network.Ask("sales", "/orders", _request, _world.Faults.On ? _world.Dice.Time(5, 8_000) : TimeSpan.FromMinutes(1), Hear));
    }

    private void Hear(Answer answer)
    {
        if (!answer.Came || answer.Error is { Kind.Status: 503 })
        {
            return;
        }

        _world.Note(Key, answer.Error?.Kind.Code ?? "bought", (answer.Value as OrderView)?.Id ?? default);
        if (_request.Key is null)
        {
            return;
        }

        Told ??= answer;
        if (!Same(Told.Value, answer))
        {
            _world.Break($"{Key} was told {Told} and later {answer}.");
        }
    }

    /// <summary>
    /// Two who use one key for different things may hear that it is used before they hear how their own request was refused, or after:
    /// nothing was bought either way. But nobody hears that and "bought".
    /// </summary>
    private static bool Same(Answer a, Answer b) =>
        a.Error is { } error ? b.Error is { } other && ((error.Kind.Code == other.Kind.Code && error.Detail == other.Detail) || IsMisused(error) || IsMisused(other))
        : a.Value is OrderView x && b.Value is OrderView y && x.Id == y.Id && x.Total == y.Total && x.Lines.SequenceEqual(y.Lines);

    private static bool IsMisused(Error error) => error.Kind.Code == CommonErrors.IdempotencyKeyReused.Code;
}
