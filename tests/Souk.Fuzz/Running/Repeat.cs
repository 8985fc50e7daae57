using System.Text;
using Souk.Fuzz.Requests;
using Souk.Fuzz.Wire;

namespace Souk.Fuzz.Running;

/// <summary>A line for the shell that sends a request again. Tokens die with the shop that gave them, so it asks for one by the role's name.</summary>
internal static class Repeat
{
    private const int Longest = 4000;

    public static string Of(Plan plan, Outgoing outgoing, Uri address)
    {
        var line = plan.Raw is null && plan.Framing == Framing.Length ? Curl(plan, outgoing, address) : $"printf %b {Quoted(outgoing.Text)} | nc -N {address.Host} {address.Port}";
        return line.Length > Longest ? $"{line[..Longest]}… ({line.Length} characters)" : line;
    }

    private static string Curl(Plan plan, Outgoing outgoing, Uri address)
    {
        var end = outgoing.Text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var lines = outgoing.Text[..end].Split("\r\n");
        var curl = new StringBuilder($"curl -sS -i --path-as-is -g -X {Quoted(plan.Method)} ");
        curl.Append(Quoted($"{address.Scheme}://{address.Authority}{lines[0][(plan.Method.Length + 1)..^9]}"));
        foreach (var header in lines.Skip(2).Where(h => !h.StartsWith("Content-Length:", StringComparison.Ordinal)))
        {
            curl.Append(" -H ").Append(header.StartsWith("Authorization: Bearer ", StringComparison.Ordinal) && header.Length > 300 ? $"\"Authorization: Bearer ${plan.Who}\"" : Quoted(header));
        }

        return plan.Body is null ? curl.ToString() : curl.Append(" --data-binary ").Append(Quoted(outgoing.Text[(end + 4)..])).ToString();
    }

    /// <summary>In the shell's $'…', which can hold any byte but zero.</summary>
    private static string Quoted(string bytes)
    {
        var quoted = new StringBuilder("$'");
        foreach (var c in bytes)
        {
            quoted.Append(c switch { '\'' => "\\'", '\\' => "\\\\", '\r' => "\\r", '\n' => "\\n", >= ' ' and <= '~' => $"{c}", _ => $"\\x{(int)c:x2}" });
        }

        return quoted.Append('\'').ToString();
    }
}
