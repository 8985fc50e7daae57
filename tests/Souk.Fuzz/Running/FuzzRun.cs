using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Souk.Fuzz.Oracles;
using Souk.Fuzz.Requests;
using Souk.Fuzz.Wire;
using Souk.Testing;

namespace Souk.Fuzz.Running;

/// <summary>Fires requests at a shop, many at a time, and judges what comes back.</summary>
/// <param name="shop">The shop.</param>
/// <param name="planner">What makes the requests.</param>
/// <param name="findings">Where it is noted.</param>
internal sealed class FuzzRun(TestShop shop, Planner planner, Findings findings)
{
    private const int Senders = 24;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Seen _seen = new();
    private readonly Judge _judge = new(ErrorPage.Codes());
    private readonly SemaphoreSlim _engaging = new(1);
    private long _next;
    private long _last;

    /// <summary>All operations of a shop: those of its documents, and those between its services.</summary>
    public static async Task<IReadOnlyList<Operation>> OperationsOf(TestShop shop)
    {
        var operations = new List<Operation>();
        foreach (var service in Shop.Services.Select(s => s.Name))
        {
            operations.AddRange(new Document(service, (await shop.Visitor.Get(service, "/openapi.json")).Json).Operations);
            operations.AddRange(shop.Parts(service).GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                .Where(e => e.RoutePattern.RawText!.StartsWith("/internal", StringComparison.Ordinal))
                .Select(e => Operation.Internal(service, e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0] ?? "GET", e.RoutePattern.RawText!)));
        }

        return operations;
    }

    /// <summary>Sends the requests with these numbers.</summary>
    /// <param name="first">The first number.</param>
    /// <param name="count">How many.</param>
    /// <param name="stop">Ends it early.</param>
    public async Task Send(long first, long count, CancellationToken stop)
    {
        (_next, _last) = (first - 1, first + count - 1);
        var cast = new Cast(shop, _seen);
        await cast.Renew();
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(() => Sender(cast, stop), CancellationToken.None)));
    }

    private async Task Sender(Cast cast, CancellationToken stop)
    {
        var connections = new Dictionary<string, Connection>();
        while (!stop.IsCancellationRequested && Interlocked.Increment(ref _next) is var number && number <= _last)
        {
            if (number % Cast.Span == 0 && await _engaging.WaitAsync(0, CancellationToken.None))
            {
                await cast.Renew();
                _engaging.Release();
            }

            await Fire(planner.Make(number), connections);
        }

        foreach (var connection in connections.Values)
        {
            connection.Dispose();
        }
    }

    private async Task Fire(Plan plan, Dictionary<string, Connection> connections)
    {
        var address = shop.Http(plan.Operation.Service).BaseAddress!;
        var outgoing = Outgoing.Of(plan, _seen, address.Authority);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var reply = await Exchange(plan, outgoing, address, connections, patience.Token);
            Note(plan, outgoing, reply);
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidDataException or EndOfStreamException or FormatException or IndexOutOfRangeException)
        {
            Forget(plan, connections);
            findings.Count(plan, 0, isBusy: false);
            findings.Add(plan, e is OperationCanceledException ? $"no answer within {Patience.TotalSeconds} s" : $"not HTTP: {e.Message}", Repeat.Of(plan, outgoing, address), "");
        }
    }

    private async Task<Reply> Exchange(Plan plan, Outgoing outgoing, Uri address, Dictionary<string, Connection> connections, CancellationToken patience)
    {
        while (true)
        {
            if (!connections.TryGetValue(plan.Operation.Service, out var connection))
            {
                connection = connections[plan.Operation.Service] = await Connection.Open(IPAddress.Loopback.ToString(), address.Port, patience);
            }

            var wasUsed = connection.IsUsed;
            var reply = await connection.Exchange(outgoing.ToBytes(), plan.IsLast, plan.Method == "HEAD", patience);
            if (plan.IsLast || !reply.KeepsOpen)
            {
                Forget(plan, connections);
            }

            // The server may close a connection at the very moment at which it is used again; a new one tells.
            if (reply.Status != 0 || !wasUsed)
            {
                return reply;
            }
        }
    }

    private static void Forget(Plan plan, Dictionary<string, Connection> connections)
    {
        if (connections.Remove(plan.Operation.Service, out var connection))
        {
            connection.Dispose();
        }
    }

    private void Note(Plan plan, Outgoing outgoing, Reply reply)
    {
        findings.Count(plan, reply.Status, Judge.IsBusy(reply));
        foreach (var fault in _judge.Faults(plan, reply))
        {
            findings.Add(plan, fault, Repeat.Of(plan, outgoing, shop.Http(plan.Operation.Service).BaseAddress!), $"{reply.Status} {reply.Text}");
        }

        if (reply.Status is >= 200 and < 300 && plan.IsExact && reply.MediaType == "application/json" && reply.Body.Length is > 0 and < 200_000)
        {
            _seen.Learn(plan.Operation, System.Text.Json.JsonDocument.Parse(reply.Body).RootElement, reply.Header("ETag"));
        }
    }
}
