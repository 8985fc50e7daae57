using System.Text;

namespace Souk.Fuzz.Wire;

/// <summary>What came back.</summary>
/// <param name="Status">The status; 0 when the connection was closed without an answer.</param>
/// <param name="Headers">The headers in their order.</param>
/// <param name="Body">The body.</param>
internal sealed record Reply(int Status, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    /// <summary>The connection was closed without an answer.</summary>
    public static Reply None { get; } = new(0, [], []);

    /// <summary>Whether the server keeps the connection open.</summary>
    public bool KeepsOpen => Status != 0 && Header("Connection")?.Contains("close", StringComparison.OrdinalIgnoreCase) != true;

    /// <summary>The media type without its parameters.</summary>
    public string? MediaType => Header("Content-Type")?.Split(';')[0].Trim();

    /// <summary>The body as text; bytes that are none become marks.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    public string? Header(string name) => Headers.FirstOrDefault(h => string.Equals(h.Name, name, StringComparison.OrdinalIgnoreCase)).Value;
}
