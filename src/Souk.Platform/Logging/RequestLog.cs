using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Souk.Platform.Hosting;

namespace Souk.Platform.Logging;

/// <summary>One request that was answered.</summary>
/// <param name="At">When it ended (UTC).</param>
/// <param name="User">The caller's identifier, or the calling service; null for a visitor.</param>
/// <param name="Operation">Method and pattern of the path: the path itself may name somebody.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="TraceId">The W3C trace id.</param>
internal readonly record struct RequestLine(DateTime At, string? User, string Operation, int Status, TimeSpan Duration, string TraceId);

/// <summary>
/// Logs each request as a line, beside its way: whoever answers only leaves the facts in a queue. They are written many at a time; what finds no room is counted, and the count is logged.
/// </summary>
internal sealed class RequestLog(LogSettings settings, ServiceName service, TimeProvider time) : BackgroundService
{
    private const int MostBytes = 64 * 1024;

    /// <summary>How long lines gather: a write for each request would cost more than all the rest of its logging.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(25);
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Channel<RequestLine> _queue = Channel.CreateBounded<RequestLine>(new BoundedChannelOptions(Limits.LogQueue) { SingleReader = true });
    private int _dropped;

    /// <summary>Whether requests are logged at all.</summary>
    public bool Wanted => settings.Requests;

    /// <summary>Leaves a line to be logged.</summary>
    public void Add(in RequestLine line)
    {
        if (!_queue.Writer.TryWrite(line))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Until the queue is closed and empty: what was answered before the end is logged.
        await Task.Yield();
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, Plain);
        await using var output = Console.OpenStandardOutput();
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            Gather(bytes, json);
            if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
            {
                WriteDropped(bytes, json, dropped);
            }

            try
            {
                // Past the console's writer, which would hand over 256 letters at a time, but never into a line that it writes: it is what its own methods lock.
                lock (Console.Out)
                {
                    output.Write(bytes.WrittenSpan);
                }
            }
            catch (IOException)
            {
                // A full disk where the lines go must not end a service that needs none to sell.
            }

            bytes.Clear();
            if (_queue.Reader.Count < Limits.LogQueue / 4)
            {
                await Task.Delay(Gathering, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Gather(ArrayBufferWriter<byte> bytes, Utf8JsonWriter json)
    {
        while (bytes.WrittenCount < MostBytes && _queue.Reader.TryRead(out var line))
        {
            if (settings.Json)
            {
                WriteJson(json, line);
                EndLine(bytes, json);
            }
            else
            {
                Encoding.UTF8.GetBytes($"{line.At:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} info {service.Name} {line.Operation}: {line.Status} in {line.Duration.TotalMilliseconds:0.00} ms user={line.User ?? "-"} trace={line.TraceId}\n", bytes);
            }
        }
    }

    private void WriteJson(Utf8JsonWriter json, in RequestLine line)
    {
        json.WriteStartObject();
        json.WriteString("time", line.At);
        json.WriteString("level", "info");
        json.WriteString("service", service.Name);
        json.WriteString("user", line.User);
        json.WriteString("operation", line.Operation);
        json.WriteNumber("status", line.Status);
        json.WriteNumber("duration_ms", Math.Round(line.Duration.TotalMilliseconds, 3));
        json.WriteString("trace_id", line.TraceId);
        json.WriteEndObject();
    }

    private void WriteDropped(ArrayBufferWriter<byte> bytes, Utf8JsonWriter json, int dropped)
    {
        json.WriteStartObject();
        json.WriteString("time", time.GetUtcNow().UtcDateTime);
        json.WriteString("level", "warning");
        json.WriteString("service", service.Name);
        json.WriteString("message", "Requests were not logged: the queue was full.");
        json.WriteNumber("dropped", dropped);
        json.WriteEndObject();
        EndLine(bytes, json);
    }

    private static void EndLine(ArrayBufferWriter<byte> bytes, Utf8JsonWriter json)
    {
        json.Flush();
        json.Reset();
        bytes.Write("\n"u8);
    }
}
