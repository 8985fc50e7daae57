using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Souk.Sales.Tests.Webhooks;

/// <summary>A message as it arrived.</summary>
internal sealed record Arrived(string Id, string Timestamp, string Signature, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>Checks the signature as Standard Webhooks describes it, by the framework's own HMAC and not by Souk's code.</summary>
    public bool IsSignedWith(string secret)
    {
        var mac = HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Body}"));
        return Signature == $"v1,{Convert.ToBase64String(mac)}" && DateTimeOffset.FromUnixTimeSeconds(long.Parse(Timestamp, CultureInfo.InvariantCulture)) > DateTimeOffset.UnixEpoch;
    }
}

/// <summary>Somebody's server that is told of orders.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port));
        _app = builder.Build();
        Url = $"http://127.0.0.1:{port}/hooks";
        _app.Run(Take);
    }

    public string Url { get; }

    /// <summary>What it got, in the order of arrival; attempts that it refused among them.</summary>
    public ConcurrentQueue<Arrived> Got { get; } = [];

    /// <summary>What it answers.</summary>
    public int Status { get; set; } = 204;

    /// <summary>Where it points to, if it redirects.</summary>
    public string? Location { get; set; }

    public static async Task<Receiver> Start()
    {
        var receiver = new Receiver(FreePort.Some(1)[0]);
        await receiver._app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task Take(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var headers = http.Request.Headers;
        Got.Enqueue(new Arrived(headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(), await reader.ReadToEndAsync()));
        http.Response.StatusCode = Status;
        if (Location is not null)
        {
            http.Response.Headers.Location = Location;
        }
    }
}
