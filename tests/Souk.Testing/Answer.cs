using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Xunit;

namespace Souk.Testing;

/// <summary>An answer of a service, read whole.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">The headers.</param>
/// <param name="ContentType">The media type of the body, or null.</param>
/// <param name="Text">The body.</param>
public sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, string? ContentType, string Text)
{
    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Text);

    /// <summary>The status as a number.</summary>
    public int Code => (int)Status;

    /// <summary>The ETag, as it goes into If-Match.</summary>
    public string ETag => Headers.ETag!.ToString();

    /// <summary>A field of the body, by its way: <c>total.amount</c>, <c>items.0.id</c>.</summary>
    public JsonElement this[string way]
    {
        get
        {
            try
            {
                return way.Split('.').Aggregate(Json, (at, step) =>
                    at.ValueKind == JsonValueKind.Array ? at[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)] : at.GetProperty(step));
            }
            catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException or JsonException)
            {
                throw new KeyNotFoundException($"There is no {way} in the answer, a {Code}: {Text}", e);
            }
        }
    }

    /// <summary>The text of a field.</summary>
    public string Of(string way) => this[way].ToString();

    /// <summary>The stable code of a problem.</summary>
    public string Problem => Of("code");

    /// <summary>The answer itself, which must have this status; what it says instead is in the failure.</summary>
    public Answer Must(int status)
    {
        Assert.True(Code == status, $"{status} was due, not {Code}: {Text}");
        return this;
    }

    /// <summary>Reads a response.</summary>
    public static async Task<Answer> Read(HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return new(response.StatusCode, response.Headers, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());
    }
}
