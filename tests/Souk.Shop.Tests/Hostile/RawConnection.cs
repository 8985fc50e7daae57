using System.Net.Sockets;
using System.Text;

namespace Souk.Tests.Hostile;

/// <summary>Bytes as no client library would send them.</summary>
internal static class RawConnection
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Sends a whole request, which must ask for its connection to be closed; what was answered.</summary>
    public static async Task<string> Ask(Uri at, string request)
    {
        using var giveUp = new CancellationTokenSource(Patience);
        using var client = await Connect(at, request, giveUp.Token);
        return await ReadToTheEnd(client.GetStream(), giveUp.Token);
    }

    /// <summary>Sends what is given at once, and then a byte now and then until the server has had enough; what it said by then.</summary>
    public static async Task<string> Trickle(Uri at, string begin)
    {
        using var giveUp = new CancellationTokenSource(Patience);
        using var client = await Connect(at, begin, giveUp.Token);
        var stream = client.GetStream();
        var answer = ReadToTheEnd(stream, giveUp.Token);
        while (await Task.WhenAny(answer, Task.Delay(Between, giveUp.Token)) != answer)
        {
            try
            {
                await stream.WriteAsync("a"u8.ToArray(), giveUp.Token);
            }
            catch (IOException)
            {
                break; // It has closed the connection, and what it said is there to be read.
            }
        }

        return await answer;
    }

    private static async Task<TcpClient> Connect(Uri at, string begin, CancellationToken giveUp)
    {
        var client = new TcpClient();
        await client.ConnectAsync(at.Host, at.Port, giveUp);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(begin), giveUp);
        return client;
    }

    private static async Task<string> ReadToTheEnd(NetworkStream stream, CancellationToken giveUp)
    {
        var (said, buffer) = (new StringBuilder(), new byte[4096]);
        try
        {
            while (await stream.ReadAsync(buffer, giveUp) is > 0 and var read)
            {
                said.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }
        }
        catch (IOException)
        {
            // A byte that was under way met a closed connection.
        }

        return said.ToString();
    }
}
