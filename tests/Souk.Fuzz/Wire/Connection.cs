using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Souk.Fuzz.Wire;

/// <summary>A TCP connection to a service. It speaks HTTP/1.1 by hand, because no client sends what is wrong.</summary>
internal sealed class Connection : IDisposable
{
    private const int Most = 16 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[16 * 1024];
    private int _filled;

    /// <summary>Whether an exchange took place on it before.</summary>
    public bool IsUsed { get; private set; }

    public static async Task<Connection> Open(string host, int port, CancellationToken stop)
    {
        var connection = new Connection();
        await connection._socket.ConnectAsync(host, port, stop);
        return connection;
    }

    /// <summary>Sends a request and reads the answer to it.</summary>
    /// <param name="request">The bytes.</param>
    /// <param name="isLast">Whether nothing more is sent. The server is told after a while, by closing this side, so that it does not wait for more.</param>
    /// <param name="isHead">Whether the answer has no body, whatever its headers say.</param>
    /// <param name="stop">Ends the waiting.</param>
    public async Task<Reply> Exchange(byte[] request, bool isLast, bool isHead, CancellationToken stop)
    {
        try
        {
            await Send(request, stop);
            await using var hangUp = new Timer(_ => HangUp(), null, isLast ? Patience : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Reply reply;
            do
            {
                reply = await Read(isHead, stop);
            }
            while (reply.Status is >= 100 and < 200);
            IsUsed = true;
            return reply;
        }
        catch (SocketException)
        {
            return Reply.None;
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>At once would be too soon: the server gives up a request whose sender seems to have gone.</summary>
    private void HangUp()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
    }

    private async Task Send(byte[] request, CancellationToken stop)
    {
        try
        {
            for (var sent = 0; sent < request.Length;)
            {
                sent += await _socket.SendAsync(request.AsMemory(sent), stop);
            }
        }
        catch (SocketException)
        {
            // The server may have answered and closed before it had read all; the answer is there to be read.
        }
    }

    private async Task<Reply> Read(bool isHead, CancellationToken stop)
    {
        int end;
        while ((end = _buffer.AsSpan(0, _filled).IndexOf(EndOfHead)) < 0)
        {
            if (!await More(stop))
            {
                return Reply.None;
            }
        }

        var lines = Encoding.Latin1.GetString(_buffer, 0, end).Split("\r\n");
        Drop(end + EndOfHead.Length);
        var headers = lines.Skip(1).Select(l => l.Split(':', 2)).Select(p => (p[0], p.Length > 1 ? p[1].Trim() : "")).ToArray();
        var reply = new Reply(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, []);
        return isHead || reply.Status is 204 or 304 or (>= 100 and < 200) ? reply : reply with { Body = await Body(reply, stop) };
    }

    private async Task<byte[]> Body(Reply reply, CancellationToken stop)
    {
        if (reply.Header("Transfer-Encoding") is not null)
        {
            return await Chunks(stop);
        }

        if (reply.Header("Content-Length") is { } length)
        {
            return await Take(int.Parse(length, CultureInfo.InvariantCulture), stop);
        }

        while (await More(stop))
        {
            // Until the server closes.
        }

        return await Take(_filled, stop);
    }

    private async Task<byte[]> Chunks(CancellationToken stop)
    {
        using var body = new MemoryStream();
        while (true)
        {
            int end;
            while ((end = _buffer.AsSpan(0, _filled).IndexOf("\r\n"u8)) < 0)
            {
                await Need(stop);
            }

            var size = int.Parse(Encoding.Latin1.GetString(_buffer, 0, end), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            Drop(end + 2);
            body.Write(await Take(size, stop));
            await Take(2, stop);
            if (size == 0)
            {
                return body.ToArray();
            }
        }
    }

    private async Task<byte[]> Take(int count, CancellationToken stop)
    {
        while (_filled < count)
        {
            await Need(stop);
        }

        var taken = _buffer.AsSpan(0, count).ToArray();
        Drop(count);
        return taken;
    }

    private async Task Need(CancellationToken stop)
    {
        if (!await More(stop))
        {
            throw new EndOfStreamException("The answer broke off.");
        }
    }

    private async Task<bool> More(CancellationToken stop)
    {
        if (_filled == _buffer.Length)
        {
            if (_buffer.Length >= Most)
            {
                throw new InvalidDataException("The answer is larger than any that the shop should give.");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = await _socket.ReceiveAsync(_buffer.AsMemory(_filled), stop);
        _filled += read;
        return read > 0;
    }

    private void Drop(int count)
    {
        _buffer.AsSpan(count, _filled - count).CopyTo(_buffer);
        _filled -= count;
    }
}
