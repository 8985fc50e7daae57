using System.Text.Json.Nodes;
using Xunit;

namespace Souk.Testing;

/// <summary>Compares answers with what a contract promises to the letter.</summary>
public static class ExactAnswer
{
    /// <summary>The status and the whole body, whatever the order of its fields.</summary>
    public static void Says(this Answer answer, int code, string json)
    {
        ArgumentNullException.ThrowIfNull(answer);
        Assert.True(
            answer.Code == code && JsonNode.DeepEquals(JsonNode.Parse(answer.Text), JsonNode.Parse(json)),
            $"Expected {code} {json}\n but was {answer.Code} {answer.Text}");
    }

    /// <summary>The second contract's refusal: the status, the stable code, and the media type of problems.</summary>
    public static void Refuses(this Answer answer, int code, string problem)
    {
        ArgumentNullException.ThrowIfNull(answer);
        Assert.True(answer.Code == code, $"Expected {code} {problem}\n but was {answer.Code} {answer.Text}");
        Assert.Equal(("application/problem+json", problem, code), (answer.ContentType, answer.Problem, answer["status"].GetInt32()));
    }

    /// <summary>The second contract's refusal of one field by one rule.</summary>
    public static void RefusesField(this Answer answer, string location, string field, string rule)
    {
        Refuses(answer, 422, "validation_failed");
        Assert.Equal([(location, field, rule)], answer["errors"].EnumerateArray()
            .Select(e => (e.GetProperty("location").GetString()!, e.GetProperty("field").GetString()!, e.GetProperty("code").GetString()!)));
    }

    /// <summary>The first contract's refusal of one field by one rule.</summary>
    public static void RefusesV1Field(this Answer answer, string type, params string[] place)
    {
        ArgumentNullException.ThrowIfNull(answer);
        Assert.True(answer.Code == 422, $"Expected 422 {type}\n but was {answer.Code} {answer.Text}");
        var only = Assert.Single(answer["detail"].EnumerateArray());
        Assert.Equal(type, only.GetProperty("type").GetString());
        Assert.Equal(place, only.GetProperty("loc").EnumerateArray().Select(l => l.ToString()));
    }
}
