using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Souk;

/// <summary>
/// Finds ports that nobody listens on. They lie below those that systems take for outgoing connections (Linux from 32768 on, others from
/// 49152 on), so that no such connection gets one before it is listened on.
/// </summary>
public static class FreePort
{
    private const int First = 10_000;
    private const int Last = 32_000;

    private static int _last = RandomNumberGenerator.GetInt32(First, Last);

    /// <summary>So many of them; none is given twice until all were.</summary>
    /// <exception cref="InvalidOperationException">There are not so many.</exception>
    public static int[] Some(int count)
    {
        var ports = new List<int>(count);
        for (var tries = 0; ports.Count < count; tries++)
        {
            if (tries == Last - First)
            {
                throw new InvalidOperationException($"There are no {count} free ports from {First} to {Last} on loopback.");
            }

            var port = First + (int)((uint)Interlocked.Increment(ref _last) % (Last - First));
            if (IsFree(port))
            {
                ports.Add(port);
            }
        }

        return [.. ports];
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
