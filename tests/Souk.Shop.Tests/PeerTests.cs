using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Security;

namespace Souk.Tests;

/// <summary>How services ask each other: what fails on its way is asked again, and a service that can't be reached in time is away, like one that refuses: a value and no cancellation.</summary>
public sealed class PeerTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("souk-peer-").FullName;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _waiting = [];

    public void Dispose()
    {
        _waiting.ForEach(s => s.Dispose());
        _listener.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task A_service_whose_door_is_full_does_not_answer()
    {
        // Nobody accepts; the few places before the door are taken, so that further connections get no answer at all.
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
        for (var i = 0; i < 4; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            _waiting.Add(socket);
            _ = socket.ConnectAsync(_listener.LocalEndPoint!);
        }

        var answer = await Ask($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");

        answer.Error!.Kind.Code.ShouldBe("dependency_unavailable");
    }

    /// <summary>408 is what a service says on a machine that stood still: the question was sent in time and arrived late.</summary>
    [Theory]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(504)]
    public async Task A_call_that_failed_on_its_way_is_made_again(int status)
    {
        var (url, asked) = ($"http://127.0.0.1:{FreePort.Some(1)[0]}", 0);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var service = builder.Build();
        service.Urls.Add(url);
        service.Run(http =>
        {
            http.Response.StatusCode = Interlocked.Increment(ref asked) == 3 ? 200 : status;
            return http.Response.WriteAsync("\"well\"");
        });
        await service.StartAsync(TestContext.Current.CancellationToken);

        var answer = await Ask(url);

        answer.Error.ShouldBeNull();
        asked.ShouldBe(3);
    }

    private async Task<Result<string>> Ask(string url)
    {
        var settings = SoukSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Souk:Data"] = _data, ["Services:Sales:Url"] = url }).Build());
        using var connections = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) };
        using var peers = Peers.OverHttp(settings, connections, new ServiceTokens(settings, new ServiceName("inventory"), TimeProvider.System), TimeProvider.System);
        return await peers["sales"].Get<string>("/internal/anything");
    }
}
