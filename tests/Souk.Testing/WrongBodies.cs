using System.Net.Http.Headers;
using System.Text;

namespace Souk.Testing;

/// <summary>Bodies that no operation takes, whatever it is about.</summary>
public static class WrongBodies
{
    /// <summary>Each wrong body by name, with what the second contract answers.</summary>
    public static IReadOnlyList<(string What, int Code, string Problem)> All { get; } =
    [
        ("breaks off", 400, "malformed_json"),
        ("empty", 400, "malformed_json"),
        ("nests too deep", 400, "malformed_json"),
        ("a field twice", 400, "malformed_json"),
        ("plain text", 415, "unsupported_media_type"),
        ("a form", 415, "unsupported_media_type"),
        ("over 64 KB", 413, "body_too_large"),
        ("a list", 422, "validation_failed"),
        ("an unknown field", 422, "validation_failed"),
    ];

    /// <summary>The body of that name.</summary>
    public static HttpContent Of(string what) => what switch
    {
        "breaks off" => Json("""{"name": """),
        "empty" => Json(""),
        "nests too deep" => Json(new string('[', 40) + new string(']', 40)),
        "a field twice" => Json("""{"name": "a", "name": "b"}"""),
        "plain text" => With("{}", "text/plain"),
        "a form" => With("a=1", "application/x-www-form-urlencoded"),
        "over 64 KB" => Json($$"""{"name": "{{new string('a', 65 * 1024)}}"}"""),
        "a list" => Json("[]"),
        "an unknown field" => Json("""{"role": "admin"}"""),
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "No such body."),
    };

    private static StringContent Json(string text) => With(text, "application/json");

    private static StringContent With(string text, string type) => new(text, Encoding.UTF8) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
}
