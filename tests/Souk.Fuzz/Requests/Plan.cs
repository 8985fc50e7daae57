namespace Souk.Fuzz.Requests;

/// <summary>
/// A request that is to be sent. All of it follows from seed and number; what only the running shop knows (tokens, numbers of orders) stands in
/// it as a <see cref="Blank"/>. Texts hold one character a byte, so that bytes which are no text can be planned as well.
/// </summary>
/// <param name="Number">Which request of the run it is.</param>
/// <param name="Operation">The operation that it is aimed at.</param>
/// <param name="Who">Who sends it.</param>
internal sealed record Plan(long Number, Operation Operation, string Who)
{
    public required string Method { get; set; }

    public required string Target { get; set; }

    public string Version { get; set; } = "HTTP/1.1";

    public List<(string Name, string Value)> Headers { get; } = [];

    public string? Body { get; set; }

    public Framing Framing { get; set; } = Framing.Length;

    /// <summary>Bytes that take the place of the whole request, for what is hardly HTTP.</summary>
    public string? Raw { get; set; }

    /// <summary>Whether it is surely this operation that answers, so that its description binds the answer.</summary>
    public bool IsExact { get; set; } = true;

    /// <summary>Whether the web server may refuse it before the shop sees it, with a bare status or a closed connection.</summary>
    public bool MayEndBelow { get; set; }

    /// <summary>Whether its token can't be any good, wherever it goes.</summary>
    public bool IsStranger => Who is "visitor" or "forger" or "service";

    /// <summary>What is odd about it, in a few words.</summary>
    public List<string> Odd { get; } = [];

    /// <summary>Whether the connection is of no use afterwards.</summary>
    public bool IsLast => Raw is not null || Framing is not (Framing.Length or Framing.Chunks) || Method == "CONNECT" || Headers.Exists(h => h.Value.AsSpan().ContainsAny('\r', '\n'));

    /// <summary>Adds or replaces a header.</summary>
    public void Set(string name, string value)
    {
        Headers.RemoveAll(h => string.Equals(h.Name, name, StringComparison.OrdinalIgnoreCase));
        Headers.Add((name, value));
    }
}

/// <summary>How a request says where its body ends.</summary>
internal enum Framing
{
    Length,
    Chunks,

    /// <summary>A Content-Length of more than is sent.</summary>
    TooLong,

    /// <summary>A Content-Length of less than is sent; what is left looks like a request.</summary>
    TooShort,

    /// <summary>Chunks that break off or break their grammar.</summary>
    BrokenChunks,

    /// <summary>Both a length and chunks.</summary>
    Both,
}
