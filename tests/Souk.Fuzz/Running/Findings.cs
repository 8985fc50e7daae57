using System.Collections.Concurrent;
using Souk.Fuzz.Requests;

namespace Souk.Fuzz.Running;

/// <summary>What came back, counted by operation, and what should not have.</summary>
internal sealed class Findings
{
    private readonly ConcurrentDictionary<(string Operation, int Status), long> _statuses = new();
    private readonly ConcurrentDictionary<(string Operation, string Fault), Finding> _found = new();
    private long _requests;
    private long _busy;

    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>How many found a full queue.</summary>
    public long Busy => Interlocked.Read(ref _busy);

    /// <summary>What was found, each with the first request that showed it.</summary>
    public IReadOnlyList<Finding> All => [.. _found.Values.OrderBy(f => f.First.Number)];

    /// <summary>Each operation's statuses and how often each came.</summary>
    public ILookup<string, (int Status, long Count)> Statuses => _statuses.ToLookup(s => s.Key.Operation, s => (s.Key.Status, s.Value));

    public void Count(Plan plan, int status, bool isBusy)
    {
        Interlocked.Increment(ref _requests);
        _statuses.AddOrUpdate(($"{plan.Operation}", status), 1, (_, n) => n + 1);
        if (isBusy)
        {
            Interlocked.Increment(ref _busy);
        }
    }

    public void Add(Plan plan, string fault, string request, string answer) =>
        _found.GetOrAdd(($"{plan.Operation}", fault), _ => new Finding(plan, fault, request, answer)).Again();
}

/// <summary>Something that should not have come back.</summary>
/// <param name="First">The first request that showed it.</param>
/// <param name="Fault">What is wrong.</param>
/// <param name="Request">The request as it was sent.</param>
/// <param name="Answer">The answer.</param>
internal sealed record Finding(Plan First, string Fault, string Request, string Answer)
{
    private long _times;

    public long Times => Interlocked.Read(ref _times);

    public void Again() => Interlocked.Increment(ref _times);
}
