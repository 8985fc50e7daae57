using Microsoft.Extensions.Logging.Abstractions;
using Souk.Contracts;
using Souk.Customers;
using Souk.Customers.Wallets;
using Souk.Inventory;
using Souk.Inventory.Products;
using Souk.Inventory.Stock;
using Souk.Platform.Holds;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Values;

namespace Souk.Simulation.Worlds;

/// <summary>Inventory as far as a sale goes: the real code on simulated storage, clock and network.</summary>
internal sealed class InventoryInstance(World world, int number, TimeSpan wrong) : Instance(world, $"inventory {number}", world.Stock, wrong)
{
    private StockForSales? _stock;

    protected override void Make(TimeProvider clock)
    {
        var writer = new GroupCommit<InventoryDb>(new SimulatedStorage<InventoryDb>(World.Stock), clock, World.Jitter(), NullLogger<GroupCommit<InventoryDb>>.Instance);
        _stock = new StockForSales(writer, t => new StockDatabase.Tables(World.Stock, ((IInSession)t).Session), World.Lease, new ShopWindow(new AnswerCache(clock), writer, new IdSource(clock), clock), clock);
        Run(new HoldSweeper<InventoryDb, StockHold>(_stock, World.Stock, PeersOf("sales"), clock, NullLogger<HoldSweeper<InventoryDb, StockHold>>.Instance));
    }

    public override async Task<Answer> Handle(string path, object question) => path switch
    {
        "/internal/holds" => new Answer((await _stock!.Hold([.. (IEnumerable<HoldStock>)question])).ToList(), null),
        "/internal/sale-ends" => Ended(World.Stock, (IReadOnlyList<SaleEnd>)question, await _stock!.End((IReadOnlyList<SaleEnd>)question)),
        _ => throw new ArgumentException(path, nameof(path)),
    };
}

/// <summary>Customers as far as a sale goes.</summary>
internal sealed class CustomersInstance(World world, int number, TimeSpan wrong) : Instance(world, $"customers {number}", world.Money, wrong)
{
    private MoneyForSales? _money;

    protected override void Make(TimeProvider clock)
    {
        var writer = new GroupCommit<CustomersDb>(new SimulatedStorage<CustomersDb>(World.Money), clock, World.Jitter(), NullLogger<GroupCommit<CustomersDb>>.Instance);
        _money = new MoneyForSales(writer, t => new MoneyDatabase.Tables(World.Money, ((IInSession)t).Session), new Ledger(World.Ids, clock), World.Lease, clock);
        Run(new HoldSweeper<CustomersDb, MoneyHold>(_money, World.Money, PeersOf("sales"), clock, NullLogger<HoldSweeper<CustomersDb, MoneyHold>>.Instance));
    }

    public override async Task<Answer> Handle(string path, object question) => path switch
    {
        "/internal/holds" => new Answer((await _money!.Hold([.. (IEnumerable<HoldMoney>)question])).ToList(), null),
        "/internal/sale-ends" => Ended(World.Money, (IReadOnlyList<SaleEnd>)question, await _money!.End((IReadOnlyList<SaleEnd>)question)),
        _ => throw new ArgumentException(path, nameof(path)),
    };
}
