using Souk.Contracts;
using Souk.Platform.Holds;
using Souk.Platform.Hosting;

namespace Souk.Torture;

/// <summary>What is to be done to a shop.</summary>
/// <param name="Database">What stores it.</param>
/// <param name="Kills">How often something is killed.</param>
/// <param name="Buyers">How many buy at once.</param>
/// <param name="Seed">Decides who is killed and what is bought; when, the machine decides.</param>
/// <param name="Folder">Where everything lives.</param>
internal sealed record TorturePlan(DatabaseKind Database, int Kills, int Buyers, int Seed, string Folder);

/// <summary>What came of it.</summary>
/// <param name="Tally">What the buyers met with.</param>
/// <param name="Killed">How often each process was killed.</param>
/// <param name="Blows">How often something was killed; one blow may kill several.</param>
/// <param name="Ended">How often processes ended by themselves, as a service does that starts while its database is dead.</param>
/// <param name="Purchases">How many orders were tried.</param>
/// <param name="Orders">How many stand in the books.</param>
/// <param name="Slowest">The longest time from a kill until all served again.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Wrong">What is not as it must be.</param>
internal sealed record TortureResult(
    Tally Tally, IReadOnlyDictionary<string, int> Killed, int Blows, int Ended, int Purchases, long Orders, TimeSpan Slowest, TimeSpan Took, IReadOnlyList<Discrepancy> Wrong)
{
    public bool Passed => Wrong.Count == 0 && Tally.Faults.Count == 0;
}

/// <summary>Lets a crowd buy while the shop's processes are killed at random, and checks the books when it has fallen quiet.</summary>
internal sealed class TortureRun(TorturePlan plan, TimeProvider time)
{
    private const int AskedAgain = 50;
    private static readonly TimeSpan MostToQuiet = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan MostToAnswers = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly Random _random = new(plan.Seed);
    private TimeSpan _slowest;
    private int _blows;

    /// <summary>Does it.</summary>
    /// <param name="say">Is told how it goes, again and again.</param>
    public async Task<TortureResult> Run(Action<string> say)
    {
        var started = time.GetTimestamp();
        say("opening the shop");
        await using var shop = await TorturedShop.Open(plan.Folder, plan.Database);
        await using var crowd = await Crowd.Enter(shop, plan.Buyers, plan.Seed);
        crowd.Start();
        for (var kills = 0; kills < plan.Kills;)
        {
            kills += await Strike(shop, crowd, plan.Kills - kills);
            say($"{kills} of {plan.Kills} kills, {crowd.Tally.Final} answers, {crowd.Tally["bought"]} bought, {crowd.Tally["503"]} times 503, {crowd.Tally["connection lost"]} connections lost");
        }

        await Recover(shop);
        await crowd.More(t => t.Final, plan.Buyers, MostToAnswers);
        say("falling quiet");
        await crowd.Stop();
        var (books, wrong) = await Quiet(shop, crowd);
        return new TortureResult(
            crowd.Tally, shop.Victims.ToDictionary(v => v.Name, v => v.Kills), _blows, shop.Victims.Sum(v => v.OwnEnds), crowd.Buyers.Sum(b => b.Purchases.Count), books.Orders.Orders, _slowest, time.GetElapsedTime(started), wrong);
    }

    /// <summary>Waits until nothing is under way any more, and compares the books with each other and with what buyers were told.</summary>
    public static async Task<(BooksRead Books, IReadOnlyList<Discrepancy> Wrong)> Quiet(TorturedShop shop, Crowd crowd)
    {
        await Task.Delay(TorturedShop.TwoLeases);
        await using var shopBooks = await ShopBooks.Open(await Commands.Settings(shop.Settings));
        var (books, started) = (await shopBooks.Check(), TimeProvider.System.GetTimestamp());
        while ((books.Wrong.Count > 0 || Held(books)) && TimeProvider.System.GetElapsedTime(started) < MostToQuiet)
        {
            await Task.Delay(Look);
            books = await shopBooks.Check();
        }

        var told = new ToldComparison(books.Orders.Sales, crowd.Buyers);
        foreach (var buyer in crowd.Buyers)
        {
            await told.CompareWallet(buyer);
        }

        await Task.WhenAll(crowd.Buyers.Select(b => b.AskAgain(AskedAgain)));
        return (books, [.. books.Wrong, .. told.Wrong]);
    }

    private static bool Held(BooksRead books) => books.Stock.Sales.Values.Any(s => s.State == HoldState.Held) || books.Money.Sales.Values.Any(s => s.State == HoldState.Held);

    /// <summary>
    /// Mostly waits until all serve and sell again; now and then strikes while others are still getting up. Half of the time it
    /// kills one process, which the others have to do without, and half of the time several at once, as when all of a machine's processes end.
    /// </summary>
    /// <returns>How many were killed, none if those that were chosen had just ended.</returns>
    private async Task<int> Strike(TorturedShop shop, Crowd crowd, int most)
    {
        if (_random.NextDouble() < 0.8)
        {
            await Recover(shop);
            await crowd.More(t => t.Final, _random.Next(1, 3 * plan.Buyers), MostToAnswers);
        }
        else
        {
            await Task.Delay(_random.Next(0, 1000));
        }

        Victim[] victims = [.. shop.Victims];
        _random.Shuffle(victims);
        var killed = (await Task.WhenAll(victims.Take(Math.Min(AtOnce(_random, victims.Length), most)).Select(v => v.Kill()))).Count(k => k);
        _blows += killed > 0 ? 1 : 0;
        return killed;
    }

    /// <summary>How many of so many a blow kills.</summary>
    internal static int AtOnce(Random random, int victims) => random.Next(2) == 0 ? 1 : random.Next(2, victims + 1);

    private async Task Recover(TorturedShop shop)
    {
        var started = time.GetTimestamp();
        await shop.Ready();
        _slowest = time.GetElapsedTime(started) > _slowest ? time.GetElapsedTime(started) : _slowest;
    }
}
