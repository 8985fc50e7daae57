using Souk.Platform.Values;

namespace Souk.Simulation.Worlds;

/// <summary>What happens to a shop by itself: instances die, storages go away, clocks leap, and the office changes prices and stock.</summary>
internal sealed class Troubles(World world, Instance[] instances)
{
    public void Begin()
    {
        for (var i = world.Faults.Crashes; i > 0; i--)
        {
            var instance = world.Dice.OneOf<Instance>(instances);
            AtSomeTime(instance.Crash);
        }

        for (var i = world.Faults.Outages; i > 0; i--)
        {
            var database = world.Dice.OneOf<Database>(world.Stock, world.Money, world.Sales);
            AtSomeTime(() => GoAway(database));
        }

        for (var i = world.Faults.WrongClocks ? world.Dice.Below(4) : 0; i > 0; i--)
        {
            var (instance, time) = (world.Dice.OneOf<Instance>(instances), world.Dice.Time(0, 3_600_000));
            AtSomeTime(() => instance.LeapAhead(time));
        }

        for (var i = world.Dice.Below(10); i > 0; i--)
        {
            AtSomeTime(ChangeProduct);
        }
    }

    /// <summary>From here on nothing goes wrong.</summary>
    public void End()
    {
        world.Note("world", "falls quiet", default);
        world.Faults.On = false;
        (world.Stock.Away, world.Money.Away, world.Sales.Away) = (false, false, false);
        Array.ForEach(instances, i => i.Start());
    }

    private void AtSomeTime(Action trouble) => world.Timeline.After(world.Plan.Length * world.Dice.Share(), world.Outside, () =>
    {
        if (world.Faults.On)
        {
            trouble();
        }
    });

    private void GoAway(Database database)
    {
        world.Note("storage", "goes away", default);
        database.Away = true;
        world.Timeline.After(world.Dice.Time(10, 8_000), world.Outside, () => database.Away = false);
    }

    private void ChangeProduct()
    {
        var product = world.Dice.OneOf<Product>([.. world.Stock.Products.Rows.Values]);
        if (!world.Stock.Products.IsLocked(product.Id))
        {
            var more = world.Dice.Below(5);
            world.Stock.Products.Rows[product.Id] = product with
            {
                Price = new Money(Math.Max(1, product.Price.Minor + world.Dice.From(-50, 50))),
                Available = product.Available + more,
                Delivered = product.Delivered + more,
            };
        }
    }
}
