using System.Text.Json;

namespace Souk.Platform.Requests;

/// <summary>A boolean; the first contract takes the words that Pydantic takes.</summary>
internal sealed class BooleanShape : Shape
{
    private static readonly string[] Yes = ["1", "true", "t", "yes", "y", "on"];
    private static readonly string[] No = ["0", "false", "f", "no", "n", "off"];

    public override object? Read(JsonElement value, Reading reading, Place place)
    {
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        if (!reading.Lax || value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
        {
            return reading.Wrong(place, "bool_type", "Input should be a valid boolean", value);
        }

        var word = value.ToString();
        return Yes.Contains(word, StringComparer.OrdinalIgnoreCase) ? true
            : No.Contains(word, StringComparer.OrdinalIgnoreCase) ? false
            : reading.Wrong(place, "bool_parsing", "Input should be a valid boolean, unable to interpret input", value);
    }
}

/// <summary>A UUID in its usual text form.</summary>
internal sealed class GuidShape : Shape
{
    public override object? Read(JsonElement value, Reading reading, Place place) =>
        value.ValueKind == JsonValueKind.String && Guid.TryParseExact(value.GetString(), "D", out var id)
            ? id
            : reading.Wrong(place, "uuid_parsing", "Input should be a valid UUID", value);
}

/// <summary>A moment: date, time and offset from UTC (RFC 3339).</summary>
internal sealed class MomentShape : Shape
{
    public override object? Read(JsonElement value, Reading reading, Place place) =>
        value.ValueKind == JsonValueKind.String && SaysItsOffset(value.GetString()!) && value.TryGetDateTimeOffset(out var moment)
            ? moment.UtcDateTime
            : reading.Wrong(place, "datetime_parsing", "Input should be a date and time with its offset, such as 2026-11-21T09:00:00Z", value);

    private static bool SaysItsOffset(string text) => text.EndsWith('Z') || text is [.., '+' or '-', _, _, ':', _, _];
}

/// <summary>One of a few words, each with what it stands for.</summary>
internal sealed class WordShape : Shape
{
    private readonly Dictionary<string, object> _members;
    private readonly string _expected;

    private WordShape(Dictionary<string, object> members)
    {
        _members = members;
        var words = _members.Keys.Select(k => $"'{k}'").ToArray();
        _expected = words.Length == 1 ? words[0] : $"{string.Join(", ", words[..^1])} or {words[^1]}";
    }

    /// <summary>An enumeration whose members are written in snake_case.</summary>
    public static WordShape OfEnum(Type type) => new(Enum.GetValues(type).Cast<object>().ToDictionary(m => JsonNamingPolicy.SnakeCaseLower.ConvertName(m.ToString()!)));

    /// <summary>Words that stand for themselves.</summary>
    public static WordShape Of(IReadOnlyList<string> words) => new(words.ToDictionary(w => w, object (w) => w));

    public override object? Read(JsonElement value, Reading reading, Place place) =>
        value.ValueKind == JsonValueKind.String && _members.TryGetValue(value.GetString()!, out var member)
            ? member
            : reading.Wrong(place, "literal_error", $"Input should be {_expected}", value, ("expected", _expected));
}

/// <summary>A list within its bounds, each element of one shape.</summary>
internal sealed class ListShape(Type type, Shape element, CountAttribute count) : Shape
{
    public override object? Read(JsonElement value, Reading reading, Place place)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return reading.Wrong(place, "list_type", "Input should be a valid list", value);
        }

        var length = value.GetArrayLength();
        if (length < count.Min)
        {
            return reading.Wrong(place, "too_short", $"List should have at least {count.Min} items, not {length}", value, ("min_length", count.Min), ("actual_length", length));
        }

        if (length > count.Max)
        {
            return reading.Wrong(place, "too_long", $"List should have at most {count.Max} items, not {length}", null, ("max_length", count.Max), ("actual_length", length));
        }

        var items = Array.CreateInstance(type, length);
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            items.SetValue(element.Read(item, reading, place.Inside(index)), index);
            index++;
        }

        return items;
    }
}
