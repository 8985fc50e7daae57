using System.Globalization;
using System.Text;

namespace Souk.Fuzz.Requests;

/// <summary>
/// Places in a plan that are filled in when it is sent, with what earlier answers told: <c>⟦how|pool|number|otherwise⟧</c>. The marks are no
/// bytes, so they can't be mistaken for any.
/// </summary>
internal static class Blank
{
    private const char Open = '⟦';
    private const char Close = '⟧';

    /// <summary>In a path or a query: percent-encoded.</summary>
    public static string InTarget(string pool, int number, string otherwise) => Of('t', pool, number, otherwise);

    /// <summary>In a body: a JSON number or string.</summary>
    public static string InJson(string pool, int number, string otherwise) => Of('j', pool, number, otherwise);

    /// <summary>In a header: as it is.</summary>
    public static string InHeader(string pool, int number, string otherwise) => Of('h', pool, number, otherwise);

    /// <summary>Fills in.</summary>
    public static string Fill(string planned, Seen seen)
    {
        var at = planned.IndexOf(Open, StringComparison.Ordinal);
        if (at < 0)
        {
            return planned;
        }

        var filled = new StringBuilder(planned.Length + 100);
        var from = 0;
        for (; at >= 0; at = planned.IndexOf(Open, from))
        {
            var end = planned.IndexOf(Close, at);
            filled.Append(planned, from, at - from).Append(Value(planned[(at + 1)..end].Split('|', 4), seen));
            from = end + 1;
        }

        return filled.Append(planned, from, planned.Length - from).ToString();
    }

    private static string Of(char how, string pool, int number, string otherwise) => $"{Open}{how}|{pool}|{number}|{otherwise}{Close}";

    private static string Value(string[] parts, Seen seen)
    {
        var found = seen.Find(parts[1], int.Parse(parts[2], CultureInfo.InvariantCulture));
        return parts[0] switch
        {
            "t" => found is { } inTarget ? Uri.EscapeDataString(inTarget.Text) : parts[3],
            "j" => found is { } inJson ? Bytes.Of(inJson.IsNumber ? inJson.Text : System.Text.Json.JsonSerializer.Serialize(inJson.Text)) : parts[3],
            _ => found is { } inHeader ? Bytes.Of(inHeader.Text) : parts[3],
        };
    }
}

/// <summary>Texts with one character a byte.</summary>
internal static class Bytes
{
    /// <summary>The bytes of a text in UTF-8.</summary>
    public static string Of(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>A text in UTF-8 as it stands in a path or a query, with nothing left plain that has a meaning there.</summary>
    public static string Escaped(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(b =>
        char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~' ? $"{(char)b}" : $"%{b:X2}"));
}
