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

/// <summary>One of a few words: an enumeration whose members are written in snake_case.</summary>
internal sealed class EnumShape : Shape
{
    private readonly Dictionary<string, object> _members;
    private readonly string _expected;

    public EnumShape(Type type)
    {
        _members = Enum.GetValues(type).Cast<object>().ToDictionary(m => JsonNamingPolicy.SnakeCaseLower.ConvertName(m.ToString()!));
        var words = _members.Keys.Select(k => $"'{k}'").ToArray();
        _expected = words.Length == 1 ? words[0] : $"{string.Join(", ", words[..^1])} or {words[^1]}";
    }

    public override object? Read(JsonElement value, Reading reading, Place place) =>
        value.ValueKind == JsonValueKind.String && _members.TryGetValue(value.GetString()!, out var member)
            ? member
            : reading.Wrong(place, "literal_error", $"Input should be {_expected}", value, ("expected", _expected));
}

/// <summary>A list within its bounds, each element of one shape.</summary>
internal sealed class ListShape(Type element, CountAttribute count) : Shape
{
    private readonly RecordShape _element = RecordShape.Of(element);

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

        var items = Array.CreateInstance(element, length);
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            items.SetValue(_element.Read(item, reading, place.Inside(index)), index);
            index++;
        }

        return items;
    }
}
