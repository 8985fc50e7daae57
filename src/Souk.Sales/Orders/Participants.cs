using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Holds;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;

namespace Souk.Sales.Orders;

/// <summary>The two participants of a sale. Requests of concurrent sales travel together, so that a hop is paid once a batch.</summary>
internal sealed class Participants : IAsyncDisposable
{
    public const string Inventory = "inventory";
    public const string Customers = "customers";
    public static readonly IReadOnlyList<string> Both = [Inventory, Customers];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>So many lines of an order take a place in a batch, beside its own: the answer names each product, and all of it has to fit into <see cref="Limits.InternalBody"/>.</summary>
    private const int LinesAPlace = 8;

    private readonly Batcher<HoldStock, Result<StockHeld>> _stock;
    private readonly Batcher<HoldMoney, Result<MoneyHeld>> _money;
    private readonly Dictionary<string, Batcher<SaleEnd, Result<Done>>> _ends;
    private readonly Peers _peers;
    private readonly TimeProvider _time;

    public Participants(Peers peers, TimeProvider time)
    {
        (_peers, _time) = (peers, time);
        _stock = new(batch => Ask<HoldStock, StockHeld>(Inventory, batch), Limits.Batch, Limits.Queue, time, weight: w => 1 + (w.Lines.Count / LinesAPlace));
        _money = new(batch => Ask<HoldMoney, MoneyHeld>(Customers, batch), Limits.Batch, Limits.Queue, time);
        _ends = Both.ToDictionary(name => name, name => new Batcher<SaleEnd, Result<Done>>(batch => Tell(name, batch), Limits.Batch, Limits.Queue, time), StringComparer.Ordinal);
    }

    /// <summary>Holds stock; a refusal is the participant's, or tells that it does not answer.</summary>
    public async Task<Result<IReadOnlyList<HeldLine>>> Hold(HoldStock wanted) =>
        (await Add(_stock, wanted)).Refused(out var error, out var held) ? error
        : held.Refused is { } refused ? refused.ToError()
        : held.Lines!.ToArray();

    /// <summary>Holds money.</summary>
    public async Task<Result<Done>> Hold(HoldMoney wanted) =>
        (await Add(_money, wanted)).Refused(out var error, out var held) ? error
        : held.Refused is { } refused ? refused.ToError()
        : default(Done);

    /// <summary>
    /// Hurries the end of a sale whose outcome is durable. A participant that is not reached learns it by itself, from its own
    /// question or from the order's event, so this waits no longer than a buyer would.
    /// </summary>
    /// <param name="saleId">The sale.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="holders">The participants that may hold something for it.</param>
    public async Task End(Guid saleId, SaleOutcome outcome, IReadOnlyList<string> holders)
    {
        var told = Task.WhenAll(holders.Select(name => Add(_ends[name], new SaleEnd(saleId, outcome))));
        await Task.WhenAny(told, Task.Delay(Patience, _time));
    }

    public async ValueTask DisposeAsync()
    {
        await _stock.DisposeAsync();
        await _money.DisposeAsync();
        foreach (var ends in _ends.Values)
        {
            await ends.DisposeAsync();
        }
    }

    /// <summary>Queues a question. Its answer is awaited here, because who waits for several batchers' own tasks goes on in the thread pool, where no simulation can follow.</summary>
    private static async Task<Result<TAnswer>> Add<TQuestion, TAnswer>(Batcher<TQuestion, Result<TAnswer>> batcher, TQuestion question) =>
        batcher.TryAdd(question, out var answer)
            ? await answer
            : CommonErrors.Busy.With("Too many sales wait for another service.") with { RetryAfter = Limits.BusyRetryAfter };

    private async Task<IReadOnlyList<Result<TAnswer>>> Ask<TQuestion, TAnswer>(string service, IReadOnlyList<TQuestion> batch)
    {
        var answer = await _peers[service].Post<IReadOnlyList<TQuestion>, List<TAnswer>>("/internal/holds", batch);
        return answer.Refused(out var error, out var answers)
            ? [.. batch.Select(_ => (Result<TAnswer>)error)]
            : answers.ConvertAll(a => (Result<TAnswer>)a);
    }

    private async Task<IReadOnlyList<Result<Done>>> Tell(string service, IReadOnlyList<SaleEnd> ends)
    {
        var told = await _peers[service].Post<IReadOnlyList<SaleEnd>, Done>("/internal/sale-ends", ends);
        return [.. ends.Select(_ => told)];
    }
}
