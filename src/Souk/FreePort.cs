using System.Net;
using System.Net.Sockets;

namespace Souk;

/// <summary>Ports on which nobody listens.</summary>
public static class FreePort
{
    /// <summary>So many of them; the system does not hand them out again at once.</summary>
    public static int[] Some(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        Array.ForEach(listeners, l => l.Start());
        var ports = Array.ConvertAll(listeners, l => ((IPEndPoint)l.LocalEndpoint).Port);
        Array.ForEach(listeners, l => l.Dispose());
        return ports;
    }
}
