using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;

namespace Souk.Platform.Logging;

/// <summary>Registers logging: lines on the console, the groups of unexpected errors, and OTLP where an endpoint is set.</summary>
internal static class LogHosting
{
    /// <summary>How many lines wait for the console; further ones are counted and dropped, because a full disk must not stop a sale.</summary>
    private const int ConsoleQueue = 2500;

    public static void AddSoukLogging(this ILoggingBuilder logging, IConfiguration configuration, ServiceName service)
    {
        logging.Services.AddSingleton(Read(configuration));
        logging.Services.AddSingleton<RequestLog>();
        logging.Services.AddHostedService(provider => provider.GetRequiredService<RequestLog>());
        logging.Services.AddSingleton<ErrorGroups>();
        logging.ClearProviders();
        logging.AddConsole(console => (console.FormatterName, console.MaxQueueLength, console.QueueFullMode) = (LogLine.FormatName, ConsoleQueue, ConsoleLoggerQueueFullMode.DropWrite));
        logging.Services.AddSingleton<ConsoleFormatter, LogLine>();
        logging.Services.AddSingleton<ILoggerProvider, ErrorWatch>();
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Polly", LogLevel.Error);
        if (Endpoint(configuration) is { } endpoint)
        {
            // In a method of its own, so that nothing of OpenTelemetry is loaded otherwise.
            OtlpErrors.Send(logging, endpoint, service);
        }
    }

    private static LogSettings Read(IConfiguration configuration) => new(
        configuration["Log:Format"] switch
        {
            null or "json" => true,
            "simple" => false,
            var format => throw new SettingException($"Log:Format is '{format}'; it is 'json' or 'simple'."),
        },
        SoukSettings.Flag(configuration, "Log:Requests", otherwise: true));

    private static Uri? Endpoint(IConfiguration configuration)
    {
        const string Key = "Otlp:Endpoint";
        return configuration[Key] is not { } text ? null
            : Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url
            : throw new SettingException($"{Key} is '{text}'; it is an address such as http://127.0.0.1:4318.");
    }
}
