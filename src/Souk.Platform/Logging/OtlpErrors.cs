using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;
using Souk.Platform.Hosting;

namespace Souk.Platform.Logging;

/// <summary>
/// Sends exceptions as OTLP log records (https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-logs/) with type, message, stack and trace, so that a collector, or
/// whatever speaks its protocol, takes them. Messages with their values stay here: they might be about somebody.
/// </summary>
internal static class OtlpErrors
{
    /// <summary>Adds it to what is logged.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Send(ILoggingBuilder logging, Uri endpoint, ServiceName service)
    {
        logging.AddFilter<OpenTelemetryLoggerProvider>(null, LogLevel.Error);
        logging.AddFilter<OpenTelemetryLoggerProvider>(Errors.ErrorWatch.Echo, LogLevel.None);
        logging.AddOpenTelemetry(options =>
        {
            options.SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService($"souk-{service.Name}"));
            options.AddProcessor(new WithoutValues());
            options.AddOtlpExporter(otlp => (otlp.Protocol, otlp.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri(endpoint, "/v1/logs")));
        });
    }

    private sealed class WithoutValues : BaseProcessor<LogRecord>
    {
        public override void OnEnd(LogRecord data) => (data.Attributes, data.FormattedMessage) = (null, null);
    }
}
