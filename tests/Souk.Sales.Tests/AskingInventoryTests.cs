using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Values;
using Souk.Sales.Carts;
using Souk.Sales.Orders;
using Souk.Testing;

namespace Souk.Sales.Tests;

/// <summary>What Sales asks of Inventory, which is played here.</summary>
public sealed class AskingInventoryTests : IDisposable
{
    private readonly MovableClock _clock = new();
    private readonly PlayedInventory _inventory = new();
    private readonly Peers _peers;

    public AskingInventoryTests() => _peers = new Peers(new Dictionary<string, Peer> { ["inventory"] = _inventory });

    public void Dispose() => _peers.Dispose();

    [Fact]
    public async Task A_price_is_as_old_as_the_question_for_it()
    {
        using var cache = new ProductCache(_peers, _clock);
        _inventory.Meanwhile = () => _clock.Advance(TimeSpan.FromSeconds(1));
        await cache.Of([1]);
        _inventory.Meanwhile = () => { };

        await cache.Of([1]);
        await cache.Of([1]);

        _inventory.Asked.ShouldBe(2, "the first answer was too old when it came, the second is kept");
    }

    [Fact]
    public async Task An_answer_that_a_change_has_overtaken_is_not_kept()
    {
        using var cache = new ProductCache(_peers, _clock);
        _inventory.Meanwhile = () => cache.Forget(1);
        await cache.Of([1]);
        _inventory.Meanwhile = () => { };

        await cache.Of([1]);

        _inventory.Asked.ShouldBe(2);
    }

    [Fact]
    public async Task Long_orders_travel_in_small_batches_whose_answer_fits()
    {
        await using var participants = new Participants(_peers, TimeProvider.System);
        WantedLine[] lines = [.. Enumerable.Range(1, Order.LinesMost).Select(product => new WantedLine(product, 1))];

        await Task.WhenAll(Enumerable.Range(0, Limits.Batch).Select(_ => participants.Hold(new HoldStock(Guid.CreateVersion7(), "f", lines))));

        // A line of the answer is 100 letters of a name, six bytes each where they have to be escaped, and less than 150 bytes besides.
        (_inventory.Largest * Order.LinesMost * ((6 * 100) + 150)).ShouldBeLessThanOrEqualTo(Limits.InternalBody);
    }

    private sealed class PlayedInventory : Peer
    {
        public int Asked { get; private set; }

        public int Largest { get; private set; }

        public Action Meanwhile { get; set; } = () => { };

        public override async Task<Result<TAnswer>> Post<TQuestion, TAnswer>(string path, TQuestion question, CancellationToken cancel = default)
        {
            await Task.Yield();
            var sales = (IReadOnlyList<HoldStock>)question!;
            Largest = Math.Max(Largest, sales.Count);
            return (TAnswer)(object)sales.Select(_ => new StockHeld([], null)).ToList();
        }

        public override Task<Result<TAnswer>> Get<TAnswer>(string path, CancellationToken cancel = default)
        {
            Asked++;
            Meanwhile();
            return Task.FromResult<Result<TAnswer>>((TAnswer)(object)new List<ProductCard> { new(1, "Thing", new Money(100), 1) });
        }

        public override Task<Result<string>> GetText(string path, CancellationToken cancel = default) => throw new NotSupportedException();
    }
}
