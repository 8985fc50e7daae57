using Microsoft.Extensions.Logging.Abstractions;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Holds;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Sales;
using Souk.Sales.Orders;

namespace Souk.Simulation.Worlds;

/// <summary>What a buyer sends.</summary>
/// <param name="Customer">Who buys.</param>
/// <param name="Key">The Idempotency-Key, or null.</param>
/// <param name="Lines">What is wanted; null for what is in the cart.</param>
/// <param name="ExpectedTotal">What the buyer was shown, or null.</param>
internal sealed record Request(CustomerCard Customer, string? Key, IReadOnlyList<WantedLine>? Lines, Platform.Values.Money? ExpectedTotal);

/// <summary>Sales as far as a sale goes: the real code, but for a cancellation, which goes through the model and is played here.</summary>
internal sealed class SalesInstance(World world, int number, TimeSpan wrong) : Instance(world, $"sales {number}", world.Sales, wrong)
{
    private Participants? _participants;
    private Decisions? _decisions;
    private Sale? _sale;
    private Peers? _peers;

    protected override void Make(TimeProvider clock)
    {
        var writer = new GroupCommit<SalesDb>(new SimulatedStorage<SalesDb>(World.Sales), clock, World.Jitter(), NullLogger<GroupCommit<SalesDb>>.Instance);
        _peers = PeersOf("inventory", "customers");
        _participants = new Participants(_peers, clock);
        _decisions = new Decisions(writer, t => new DecisionDatabase.Tables(World.Sales, ((IInSession)t).Session), World.Sales, World.Ids, clock);
        _sale = new Sale(World.Sales, _participants, _decisions, World.Ids, clock);
        Relay();
    }

    public override async Task<Answer> Handle(string path, object question) => path switch
    {
        "/orders" => Answer.Of(await Place((Request)question)),
        "/cancellation" => Answer.Of(await Cancel((Guid)question)),
        "/internal/decisions" => Answer.Of(await _decisions!.Ask(((AskOutcomes)question).SaleIds)),
        _ => throw new ArgumentException(path, nameof(path)),
    };

    private async Task<Result<OrderView>> Place(Request request)
    {
        var lines = request.Lines ?? [.. World.Sales.Carts.Rows.Keys.Where(c => c.CustomerId == request.Customer.Id).OrderBy(c => c.ProductId).Select(c => new WantedLine(c.ProductId, 1))];
        var wanted = new Wanted(request.Customer, request.Customer.Id, lines, request.ExpectedTotal, request.Key, request.Lines is null);
        var result = await _sale!.Make(wanted);
        Promises.Told(World, wanted, result);
        return result;
    }

    private async Task<Result<Done>> Cancel(Guid order)
    {
        await World.Timeline.Wait(World.Dice.Time(0.1, 2));
        World.Sales.MayFail();
        if (!World.Sales.Orders.Rows[order].Cancelled)
        {
            World.Note(Name, "cancels", order);
            World.Sales.Orders.Rows[order] = World.Sales.Orders.Rows[order] with { Cancelled = true };
            World.Sales.Untold[order] = [.. Participants.Both];
        }

        await _participants!.End(order, SaleOutcome.Cancelled, Participants.Both);
        return default(Done);
    }

    /// <summary>The outbox: tells a cancellation until it was taken.</summary>
    private async void Relay()
    {
        while (true)
        {
            await World.Timeline.Wait(TimeSpan.FromSeconds(1));
            foreach (var (order, services) in World.Sales.Untold.OrderBy(u => u.Key).ToArray())
            {
                foreach (var service in services.Order(StringComparer.Ordinal).ToArray())
                {
                    if ((await _peers![service].Post<IReadOnlyList<SaleEnd>, Done>("/internal/sale-ends", [new SaleEnd(order, SaleOutcome.Cancelled)])).Error is null)
                    {
                        services.Remove(service);
                    }
                }
            }
        }
    }
}
