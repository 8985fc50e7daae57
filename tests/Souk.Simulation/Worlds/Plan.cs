using System.Globalization;
using Souk.Contracts;
using Souk.Customers.Wallets;
using Souk.Platform.Values;
using Souk.Sales.Orders;

namespace Souk.Simulation.Worlds;

/// <summary>Who buys what in a world, and when: few products, little stock, little money, and bursts, so that buyers meet.</summary>
internal sealed class Plan
{
    public const int Sales = 200;

    private readonly World _world;
    private readonly Buyer[] _buyers;

    public Plan(World world)
    {
        _world = world;
        var dice = world.Dice;
        Length = dice.OneOf(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(90));
        var (plenty, rich) = (dice.OneOf(5, 40, 400), dice.OneOf(1_000, 10_000, 200_000));
        Products = [.. Enumerable.Range(1, dice.From(1, 5)).Select(n => Stock(n, dice.From(1, plenty)))];
        Customers = [.. Enumerable.Range(1, dice.From(1, 6)).Select(n => Wallet(n, dice.From(100, rich)))];
        var bursts = Enumerable.Range(0, dice.OneOf(2, 10, Sales)).Select(_ => Length * dice.Share()).ToArray();
        _buyers = new Buyer[Sales];
        for (var i = 0; i < Sales; i++)
        {
            // Now and then somebody uses a key again for something else.
            var (customer, key) = i > 0 && dice.Chance(0.05) ? (_buyers[i - 1].Request.Customer, _buyers[i - 1].Key) : (dice.OneOf<CustomerCard>(Customers), string.Create(CultureInfo.InvariantCulture, $"key {i}"));
            _buyers[i] = new Buyer(world, this, customer, key, dice.OneOf<TimeSpan>(bursts) + dice.Time(0, 20));
        }
    }

    /// <summary>How long things may go wrong.</summary>
    public TimeSpan Length { get; }

    public long[] Products { get; }

    public CustomerCard[] Customers { get; }

    public IReadOnlyList<Buyer> Buyers => _buyers;

    /// <summary>Whether each buyer knows how it ended.</summary>
    public bool AllTold => Array.TrueForAll(_buyers, b => b.Knows);

    public void Begin() => Array.ForEach(_buyers, b => _world.Timeline.After(b.Start, _world.Outside, b.Begin));

    private long Stock(int number, int count)
    {
        _world.Stock.Products.Rows.Add(number, new Product(number, new Money(_world.Dice.From(60, 600)), count, count));
        return number;
    }

    private CustomerCard Wallet(int number, int money)
    {
        var id = _world.Ids.Next();
        _world.Money.Wallets.Rows.Add(id, new Purseful(id, money, Closed: false));
        _world.Money.Entries.AddRange(new Ledger(_world.Ids, TimeProvider.System).Entries(id, MovementKind.TopUp, new Money(money), null, new Money(money), Clock.Start.UtcDateTime));
        foreach (var product in Products)
        {
            if (_world.Dice.Chance(0.3))
            {
                var place = new CartPlace(id, product, 1);
                _world.Sales.Carts.Rows.Add(place, place);
            }
        }

        return new CustomerCard(id, string.Create(CultureInfo.InvariantCulture, $"customer {number}"));
    }
}
