using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Souk.Platform.Hosting;
using Souk.Platform.Security;

namespace Souk.Tests;

/// <summary>A service that can't be connected to in time is away, like one that refuses: a value and no cancellation.</summary>
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

        var port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        var settings = SoukSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Souk:Data"] = _data, ["Services:Sales:Url"] = $"http://127.0.0.1:{port}" }).Build());
        using var connections = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) };
        using var peers = Peers.OverHttp(settings, connections, new ServiceTokens(settings, new ServiceName("inventory"), TimeProvider.System), TimeProvider.System);

        var answer = await peers["sales"].Get<string>("/internal/anything");

        answer.Error!.Kind.Code.ShouldBe("dependency_unavailable");
    }
}
