using System.Globalization;
using System.Text;
using Souk.Fuzz.Requests;

namespace Souk.Fuzz.Wire;

/// <summary>A request as it goes over the wire.</summary>
/// <param name="Text">The whole of it, one character a byte.</param>
internal sealed record Outgoing(string Text)
{
    public byte[] ToBytes() => Encoding.Latin1.GetBytes(Text);

    /// <summary>Fills in a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="seen">What earlier answers told.</param>
    /// <param name="host">The service's host and port.</param>
    public static Outgoing Of(Plan plan, Seen seen, string host)
    {
        if (plan.Raw is not null)
        {
            return new Outgoing(plan.Raw);
        }

        var text = new StringBuilder($"{plan.Method} {Blank.Fill(plan.Target, seen)} {plan.Version}\r\nHost: {host}\r\n");
        foreach (var (name, value) in plan.Headers)
        {
            text.Append(name).Append(": ").Append(Blank.Fill(value, seen)).Append("\r\n");
        }

        AddBody(text, plan, plan.Body is null ? null : Blank.Fill(plan.Body, seen));
        return new Outgoing(text.ToString());
    }

    private static void AddBody(StringBuilder text, Plan plan, string? body)
    {
        if (body is null)
        {
            text.Append("\r\n");
            return;
        }

        const string Smuggled = "GET /internal/customers HTTP/1.1\r\nHost: a\r\n\r\n";
        var length = plan.Framing switch { Framing.TooLong => body.Length + 10, _ => body.Length };
        text.Append(plan.Framing is Framing.Chunks or Framing.BrokenChunks ? "Transfer-Encoding: chunked\r\n" : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n"));
        text.Append(plan.Framing == Framing.Both ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n");
        text.Append(plan.Framing switch
        {
            Framing.Chunks or Framing.Both => Chunked(body),
            Framing.BrokenChunks => Chunked(body).Replace("\r\n0\r\n", "\r\nzz\r\n", StringComparison.Ordinal),
            Framing.TooShort => body + Smuggled,
            _ => body,
        });
    }

    private static string Chunked(string body)
    {
        var half = body.Length / 2;
        var chunks = new[] { body[..half], body[half..] }.Where(c => c.Length > 0).Select(c => $"{c.Length:x}\r\n{c}\r\n");
        return string.Concat(chunks) + "0\r\n\r\n";
    }
}
