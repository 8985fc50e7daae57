using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Souk.Bench;

/// <summary>The baseline of reads: what Kestrel does when there is nothing to do.</summary>
internal static class EmptyEndpoint
{
    public static IReadOnlyList<string> Measures { get; } = ["empty-endpoint"];

    /// <summary>Serves until killed.</summary>
    public static Task Serve(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, SmallJson.Default));
        var app = builder.Build();
        app.MapGet("/", () => new Small(1, "Smoked Almonds 125 g"));
        return app.RunAsync($"http://127.0.0.1:{port}");
    }

    /// <summary>Measures it, as a process of its own.</summary>
    public static async Task Run(Session session, Scratch scratch)
    {
        var port = Cluster.FreePort();
        var process = Tool.Start(Environment.ProcessPath!, ["empty-endpoint", "--port", $"{port}"], scratch["empty-endpoint.log"]);
        using var tracked = Leftovers.Track(() => Tool.Kill(process));
        var address = new Uri($"http://127.0.0.1:{port}");
        using var http = Http.Client(address, 1);
        await Http.Ready(http, address, () => process.HasExited ? scratch["empty-endpoint.log"] : null);
        var reads = new Reads(address, scratch.Path, () => new() { ["empty endpoint"] = ProcessorTime.Of(process.Id), ["wrk"] = ProcessorTime.OfEndedChildren() });
        await session.Rounds("empty-endpoint", duration => reads.Run(["/"], duration));
    }
}

/// <summary>A small answer.</summary>
internal sealed record Small(int Id, string Name);

[JsonSerializable(typeof(Small))]
internal sealed partial class SmallJson : JsonSerializerContext;
