using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Souk.Platform.Audit;
using Souk.Platform.Hosting;

namespace Souk.Platform.Errors;

/// <summary>Unexpected errors that are the same one.</summary>
/// <param name="Service">Whose they are.</param>
/// <param name="Fingerprint">What tells it from others: a digest of its type, where it was thrown, and the operation.</param>
/// <param name="Type">The exception's type.</param>
/// <param name="Place">Where it was thrown: the innermost method of the shop's own.</param>
/// <param name="Operation">The operation that it happened in, or what logged it where there was none.</param>
/// <param name="Count">How often since this process started.</param>
/// <param name="FirstSeen">When first (UTC).</param>
/// <param name="LastSeen">When last (UTC).</param>
/// <param name="SampleTrace">The trace id of the last one, as in the log, where its stack is; null where there was none.</param>
public sealed record ErrorGroup(string Service, string Fingerprint, string Type, string Place, string Operation, long Count, DateTime FirstSeen, DateTime LastSeen, string? SampleTrace)
{
    /// <summary>An example.</summary>
    public static ErrorGroup Example { get; } = new(
        "sales", "9f86d081884c7d65", "System.InvalidOperationException", "Souk.Sales.Orders.Sale.Admitted", "POST /api/v2/orders", 3, new DateTime(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc), new DateTime(2026, 11, 21, 9, 30, 0, DateTimeKind.Utc), "4bf92f3577b34da6a3ce929d0e0e4736");
}

/// <summary>The unexpected errors of this process, in groups. Where there are too many kinds, the one not seen for longest makes room.</summary>
internal sealed class ErrorGroups(ServiceName service, TimeProvider time)
{
    private readonly Dictionary<string, ErrorGroup> _groups = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public IReadOnlyList<ErrorGroup> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _groups.Values];
            }
        }
    }

    /// <summary>Counts an error.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="otherwise">What stands for the operation where there is none.</param>
    public void Add(Exception exception, string otherwise)
    {
        var (thrown, operation, now) = (exception.GetBaseException(), RequestFacts.Current?.Operation() ?? otherwise, time.GetUtcNow().UtcDateTime);
        var (type, place) = (thrown.GetType().FullName!, Place(thrown) ?? Place(exception) ?? "");
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{type}\n{place}\n{operation}")).AsSpan(0, 8));
        lock (_gate)
        {
            var group = _groups.GetValueOrDefault(fingerprint) ?? new ErrorGroup(service.Name, fingerprint, type, place, operation, 0, now, now, null);
            _groups[fingerprint] = group with { Count = group.Count + 1, LastSeen = now, SampleTrace = Activity.Current?.TraceId.ToHexString() ?? group.SampleTrace };
            if (_groups.Count > Limits.ErrorGroups)
            {
                _groups.Remove(_groups.Values.MinBy(g => g.LastSeen)!.Fingerprint);
            }
        }
    }

    /// <summary>The innermost method of the shop's own. A state machine is named after the method that it was made of.</summary>
    private static string? Place(Exception exception)
    {
        foreach (var method in new StackTrace(exception).GetFrames().Select(f => DiagnosticMethodInfo.Create(f)))
        {
            if (method?.DeclaringTypeName is { } type && type.StartsWith("Souk.", StringComparison.Ordinal))
            {
                var name = type.Contains('<', StringComparison.Ordinal) ? type.Split('<', '>') : [type.TrimEnd('+'), method.Name];
                return $"{name[0].TrimEnd('+')}.{(name[1].Length > 0 ? name[1] : method.Name)}";
            }
        }

        return null;
    }
}

/// <summary>Groups whatever is logged as an error with an exception, in a request or beside one.</summary>
internal sealed class ErrorWatch(ErrorGroups groups) : ILoggerProvider
{
    /// <summary>What Entity Framework logs it also throws, and whoever catches that logs it once more.</summary>
    public const string Echo = "Microsoft.EntityFrameworkCore";

    public ILogger CreateLogger(string categoryName) => categoryName.StartsWith(Echo, StringComparison.Ordinal) ? NullLogger.Instance : new Logger(groups, categoryName);

    public void Dispose()
    {
        // Nothing is held.
    }

    private sealed class Logger(ErrorGroups groups, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not null && IsEnabled(logLevel))
            {
                groups.Add(exception, category);
            }
        }
    }
}
