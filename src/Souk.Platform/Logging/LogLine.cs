using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Souk.Platform.Hosting;

namespace Souk.Platform.Logging;

/// <summary>How lines are logged.</summary>
/// <param name="Json">As JSON objects, or as plain text.</param>
/// <param name="Requests">Whether each request is a line.</param>
internal sealed record LogSettings(bool Json, bool Requests);

/// <summary>
/// Writes what is logged, a line each: as JSON, or as text in which line breaks and other control characters are escaped, so that nobody who can put words into a line can make up another.
/// </summary>
internal sealed class LogLine(LogSettings settings, ServiceName service, TimeProvider time) : ConsoleFormatter(FormatName)
{
    public const string FormatName = "souk";

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var (at, trace, message) = (time.GetUtcNow().UtcDateTime, Activity.Current?.TraceId.ToHexString(), Message(logEntry));
        textWriter.WriteLine(settings.Json ? Json(at, logEntry, message, trace) : Text(at, logEntry, message, trace));
    }

    /// <summary>Escapes what would not stay on its line.</summary>
    internal static string OneLine(string text)
    {
        if (!text.Any(char.IsControl) && text.AsSpan().IndexOfAny('\u2028', '\u2029') < 0)
        {
            return text;
        }

        var line = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\n' => line.Append("\\n"),
                '\r' => line.Append("\\r"),
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' => line.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => line.Append(c),
            };
        }

        return line.ToString();
    }

    private string Text<TState>(DateTime at, in LogEntry<TState> entry, string message, string? trace) =>
        OneLine($"{at:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {Level(entry.LogLevel)} {service.Name} {entry.Category}: {message}{(trace is null ? "" : $" trace={trace}")}{(entry.Exception is null ? "" : $" {entry.Exception}")}");

    private string Json<TState>(DateTime at, in LogEntry<TState> entry, string message, string? trace)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Plain))
        {
            json.WriteStartObject();
            json.WriteString("time", at);
            json.WriteString("level", Level(entry.LogLevel));
            json.WriteString("service", service.Name);
            json.WriteString("category", entry.Category);
            json.WriteString("message", message);
            if (trace is not null)
            {
                json.WriteString("trace_id", trace);
            }

            if (entry.Exception is { } exception)
            {
                json.WriteString("exception", exception.ToString());
            }

            json.WriteEndObject();
        }

        // JSON escapes line breaks, but leaves what only some programs take for one.
        return OneLine(Encoding.UTF8.GetString(bytes.WrittenSpan));
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };

    /// <summary>The message as its logger words it, unless a value in it is to be shown by its type.</summary>
    private static string Message<TState>(in LogEntry<TState> entry)
    {
        if (entry.State is not IReadOnlyList<KeyValuePair<string, object?>> values || !values.Any(v => Redaction.Concerns(v.Value)))
        {
            return entry.Formatter(entry.State, entry.Exception);
        }

        var message = values.FirstOrDefault(v => v.Key == "{OriginalFormat}").Value as string ?? "";
        return values.Aggregate(message, (text, v) => text.Replace($"{{{v.Key}}}", Redaction.Show(v.Value), StringComparison.Ordinal));
    }
}
